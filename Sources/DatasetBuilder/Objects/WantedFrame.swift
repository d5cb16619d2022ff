internal import Domain
internal import FoundationEssentials
internal import ObjectStore

/// A frame's plan with the keys of all objects that it comes to.
struct WantedFrame: Sendable {
    let plan: FramePlan
    let keys: DatasetKeys
    /// SHA-256 of the plan: another one means other objects.
    let description: String

    /// - Parameter quality: of the pictures, 1 … 100.
    init(_ plan: FramePlan, keys: DatasetKeys, quality: Int) throws {
        self.plan = plan
        self.keys = keys
        let text = try JSONEncoder.forRecords.encode(plan) + Data("\(quality)".utf8)
        self.description = ContentDigest.sha256(of: Array(text))
    }

    var taskId: ObjectID { self.plan.image.taskId }
    var number: Int { self.plan.image.frame }
    var original: OriginalImage? { self.plan.place?.original }
    var imageKey: String { self.plan.image.key }
    var thumbnailKey: String { self.keys.thumbnail(task: self.taskId, frame: self.number) }
    var labelKey: String { self.keys.labels(task: self.taskId, frame: self.number) }

    func augmentedKeys(_ type: AugmentationType) -> DatasetKeys.AugmentedKeys {
        self.keys.augmented(task: self.taskId, frame: self.number, type: type)
    }

    /// Whether an earlier build made just this, and all of it is there.
    func isDone(by record: FrameRecord, stored: Set<String>) -> Bool {
        record.frame == self.number && record.description == self.description
            && record.objects.allSatisfy { stored.contains($0.key) }
    }

    /// Whether the frame must be decoded. Pictures that all versions share are made once; changed ones are compared
    /// with what is stored, since another description of this version may have made them.
    func needsPicture(stored: Set<String>) -> Bool {
        !self.plan.changed.isEmpty || ![self.imageKey, self.thumbnailKey].allSatisfy(stored.contains)
    }
}
