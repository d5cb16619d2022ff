package import FoundationEssentials

/// What a dataset build reads of a task.
package struct DatasetTask: Hashable, Sendable {
    package let id: ObjectID
    package let name: String
    package let uploadId: ObjectID?
    /// `nil` when the document names no clip.
    package let clipKey: String?
    /// Pixels of the clip's pictures without their pad.
    package let width: Int?
    package let height: Int?
    package let frameRate: Int
    /// Of a collection of images: where each lies in its frame, in the order of frames; `nil` for a video.
    package let images: [ImagePlace]?

    package init(
        id: ObjectID, name: String, uploadId: ObjectID?, clipKey: String?, width: Int?, height: Int?, frameRate: Int,
        images: [ImagePlace]?
    ) {
        self.id = id
        self.name = name
        self.uploadId = uploadId
        self.clipKey = clipKey
        self.width = width
        self.height = height
        self.frameRate = frameRate
        self.images = images
    }
}

/// What a dataset build reads of a frame that belongs to its version.
package struct DatasetFrame: Hashable, Sendable {
    package let id: ObjectID
    /// Its `frameId`: position in the clip, from 1.
    package let number: Int
    /// As the backend decided; `nil` where it did not.
    package let split: DatasetSplit?
    package let boxes: [LabelledBox]
    /// Elements of its `boxes` that are no rectangle with a label.
    package let unreadableBoxCount: Int
    /// When the presigned URLs on the document end; `nil` without any.
    package let urlsExpireAt: Date?

    package init(
        id: ObjectID, number: Int, split: DatasetSplit?, boxes: [LabelledBox], unreadableBoxCount: Int = 0,
        urlsExpireAt: Date?
    ) {
        self.id = id
        self.number = number
        self.split = split
        self.boxes = boxes
        self.unreadableBoxCount = unreadableBoxCount
        self.urlsExpireAt = urlsExpireAt
    }
}
