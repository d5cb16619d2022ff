/// One picture of a dataset with its labels, as formats see it.
package struct DatasetImage: Hashable, Sendable, Codable {
    /// The object that the picture lies in.
    package let key: String
    package let taskId: ObjectID
    package let taskName: String
    /// From 1.
    package let frame: Int
    /// Frames per second of the task's clip.
    package let frameRate: Int
    /// `nil` for the frame itself.
    package let augmentation: AugmentationType?
    package let split: DatasetSplit
    package let labels: FrameLabels

    package init(
        key: String, taskId: ObjectID, taskName: String, frame: Int, frameRate: Int,
        augmentation: AugmentationType?, split: DatasetSplit, labels: FrameLabels
    ) {
        self.key = key
        self.taskId = taskId
        self.taskName = taskName
        self.frame = frame
        self.frameRate = frameRate
        self.augmentation = augmentation
        self.split = split
        self.labels = labels
    }

    /// Unlike that of any other picture of the dataset; letters, digits, `_` and `-`.
    package var name: String {
        "\(self.taskId)_\(self.frame)" + (self.augmentation.map { "_\($0.rawValue)" } ?? "")
    }

    package var canvas: Canvas { self.labels.canvas }
    package var boxes: [ClassifiedBox] { self.labels.boxes }
}
