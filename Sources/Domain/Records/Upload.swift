/// What this service reads of an `AnnotationContentUpload`, which the backend created.
///
/// Every field but the id is read with tolerance: old documents lack some or hold other types.
package struct Upload: Hashable, Sendable {
    package let id: ObjectID
    package let projectId: ObjectID?
    package let status: UploadStatus?
    /// Frames in a task; wins over the configured default.
    package let framesPerTask: Int?
    package let frameRate: Int?
    package let requestType: Int?

    package init(
        id: ObjectID, projectId: ObjectID?, status: UploadStatus?, framesPerTask: Int?, frameRate: Int? = nil,
        requestType: Int? = nil
    ) {
        self.id = id
        self.projectId = projectId
        self.status = status
        self.framesPerTask = framesPerTask
        self.frameRate = frameRate
        self.requestType = requestType
    }
}

/// Where an upload stands, as the front end shows it.
package enum UploadStatus: Int, Codable, Sendable {
    /// In progress, or failed and not yet retried.
    case inProgress = 0
    case completed = 1
    case failed = 2
    /// The backend's own failure.
    case backendFailed = 3
    /// The backend is still fetching the file.
    case downloading = 4
}
