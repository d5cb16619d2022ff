/// All that a version wants of one frame: the frame's own picture first, then its changed ones.
package struct FramePlan: Hashable, Sendable, Codable {
    package let frameId: ObjectID
    package let images: [PlannedImage]
    /// Where the picture lies in the clip's, when that is not the whole of it.
    package let place: ImagePlace?

    package struct PlannedImage: Hashable, Sendable, Codable {
        package let image: DatasetImage
        /// `nil` for the frame itself.
        package let change: PictureChange?

        package init(image: DatasetImage, change: PictureChange?) {
            self.image = image
            self.change = change
        }
    }

    package init(frameId: ObjectID, images: [PlannedImage], place: ImagePlace?) {
        self.frameId = frameId
        self.images = images
        self.place = place
    }

    package var image: DatasetImage { self.images[0].image }
    package var changed: ArraySlice<PlannedImage> { self.images.dropFirst() }

    /// Of the frame's own picture and the changed ones.
    package var droppedBoxes: DroppedBoxes {
        self.images.reduce(into: DroppedBoxes()) { $0 += $1.image.labels.dropped }
    }
}

/// Plans the frames of a version's tasks: classes, splits, changes, keys. The same description gives the same plan.
package struct VersionPlan: Sendable {
    package let version: DatasetVersion
    package let classes: ClassList
    private let augmentations: AugmentationPlan
    private let minimumVisible: Double
    private let augmentedSplits: Set<DatasetSplit>
    private let splits: SplitAssignment
    private let splitUnit: SplitUnit

    /// - Parameters:
    ///   - labels: of all boxes in the version.
    ///   - trainingName: see ``SplitAssignment/nameForTraining(among:decided:)``.
    /// - Throws: ``AugmentationError`` for an augmentation that cannot be followed.
    package init(
        _ version: DatasetVersion, labels: [String], rules: AugmentationRules, splitUnit: SplitUnit,
        trainingName: String?
    ) throws(AugmentationError) {
        self.version = version
        self.classes = ClassList(entries: version.labels, labels: labels)
        self.augmentations = AugmentationPlan(
            versionId: version.id, augmentations: try Augmentation.list(version.augmentations, rules: rules),
            share: rules.share)
        self.minimumVisible = rules.minimumVisible
        self.augmentedSplits = rules.splits
        self.splits = SplitAssignment(version.splitShares, trainingName: trainingName)
        self.splitUnit = splitUnit
    }

    /// - Parameters:
    ///   - frames: those of the task that belong to the version.
    ///   - canvas: the clip's pictures without their pad.
    package func frames(of task: DatasetTask, _ frames: [DatasetFrame], canvas: Canvas) -> [FramePlan] {
        let augmented = frames.filter { self.augmentedSplits.contains(self.split(of: $0, in: task)) }
        let changes = self.augmentations.changes(ofTask: task.id, frames: augmented.map(\.number))
        return frames.map { frame in
            self.plan(frame, of: task, canvas: canvas, changes: changes[frame.number] ?? [:])
        }
    }

    private func plan(
        _ frame: DatasetFrame, of task: DatasetTask, canvas: Canvas, changes: [AugmentationType: PictureChange]
    ) -> FramePlan {
        let place = task.images.flatMap { 1...max(1, $0.count) ~= frame.number ? $0[frame.number - 1] : nil }
        let boxes = place.map { place in
            frame.boxes.map { labelled in
                var moved = labelled
                moved.box = place.imageBox(labelled.box)
                return moved
            }
        }
        let labels = FrameLabels(
            boxes ?? frame.boxes, unreadableCount: frame.unreadableBoxCount, classes: self.classes,
            canvas: place?.canvas ?? canvas)
        let split = self.split(of: frame, in: task)
        func image(_ type: AugmentationType?, key: String, _ labels: FrameLabels) -> DatasetImage {
            DatasetImage(
                key: key, taskId: task.id, taskName: task.name, frame: frame.number, frameRate: task.frameRate,
                augmentation: type, split: split, labels: labels)
        }
        let keys = self.version.keys
        let own = image(nil, key: keys.image(task: task.id, frame: frame.number), labels)
        let changed = changes.sorted { $0.key.rawValue < $1.key.rawValue }.map { type, change in
            let transform = PictureTransform(change, of: labels.canvas)
            return FramePlan.PlannedImage(
                image: image(
                    type, key: keys.augmented(task: task.id, frame: frame.number, type: type).image,
                    labels.moved(by: transform, minimumVisible: self.minimumVisible)),
                change: change)
        }
        return FramePlan(frameId: frame.id, images: [.init(image: own, change: nil)] + changed, place: place)
    }

    private func split(of frame: DatasetFrame, in task: DatasetTask) -> DatasetSplit {
        // What stays together in one split has one name.
        let name = self.splitUnit.name(task: task.id, upload: task.uploadId, frame: frame.number)
        return frame.split ?? self.splits.split(of: name)
    }
}

extension SplitUnit {
    /// The name by which a frame goes to its split.
    package func name(task: ObjectID, upload: ObjectID?, frame: Int) -> String {
        switch self {
        case .video: "\(upload ?? task)"
        case .frame: "\(task)/\(frame)"
        }
    }
}
