/// What a build made of one frame for one version: a document of `ContentDatasetFrame`.
///
/// Kept so that a build continues where an earlier one stopped, and so that manifest and archives show the very boxes
/// that the label files were written from.
package struct FrameRecord: Codable, Hashable, Sendable {
    package let versionId: ObjectID
    package let taskId: ObjectID
    package let frame: Int
    /// SHA-256 of what was wanted; another one means that the frame has to be made again.
    package let description: String
    package let images: [DatasetImage]
    /// Where the images' objects are, and all others of the frame.
    package let objects: [DatasetObject]
    /// Boxes that fit no class.
    package let unknownBoxes: Int
    /// All that were dropped, in the augmented pictures too; absent in records of earlier releases.
    package let droppedBoxes: DroppedBoxes?

    package init(
        versionId: ObjectID, taskId: ObjectID, frame: Int, description: String, images: [DatasetImage],
        objects: [DatasetObject], droppedBoxes: DroppedBoxes
    ) {
        self.versionId = versionId
        self.taskId = taskId
        self.frame = frame
        self.description = description
        self.images = images
        self.objects = objects
        self.unknownBoxes = droppedBoxes.unknownClass
        self.droppedBoxes = droppedBoxes
    }

    package func object(at key: String) -> DatasetObject? { self.objects.first { $0.key == key } }
}

/// What a version's document says of one task: an element of `taskStatus.tasks`.
package struct TaskOutcome: Hashable, Sendable {
    package let taskId: ObjectID
    /// `nil` when the task is complete, else why it is not.
    package let error: String?
    package private(set) var imageCount = 0
    /// Bytes of the frames' pictures.
    package private(set) var imageByteCount: Int64 = 0
    package private(set) var augmented: [AugmentationType: Count] = [:]
    package private(set) var droppedBoxes = DroppedBoxes()

    package struct Count: Hashable, Sendable {
        package fileprivate(set) var count = 0
        package fileprivate(set) var byteCount: Int64 = 0

        package init() {}

        package static func += (left: inout Count, right: Count) {
            left.count += right.count
            left.byteCount += right.byteCount
        }
    }

    package init(failed taskId: ObjectID, _ error: String) {
        self.taskId = taskId
        self.error = error
    }

    package init(of taskId: ObjectID, _ records: [FrameRecord]) {
        self.taskId = taskId
        self.error = nil
        for record in records {
            self.droppedBoxes += record.droppedBoxes ?? DroppedBoxes(unknownClass: record.unknownBoxes)
            for image in record.images {
                let byteCount = record.object(at: image.key)?.byteCount ?? 0
                if let type = image.augmentation {
                    self.augmented[type, default: Count()].count += 1
                    self.augmented[type, default: Count()].byteCount += byteCount
                } else {
                    self.imageCount += 1
                    self.imageByteCount += byteCount
                }
            }
        }
    }

    /// Of the frames' pictures and the changed ones.
    package var allImages: Count {
        var all = Count()
        all.count = self.imageCount
        all.byteCount = self.imageByteCount
        return self.augmented.values.reduce(into: all) { $0 += $1 }
    }
}
