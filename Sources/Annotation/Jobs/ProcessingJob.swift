package import FoundationEssentials

/// One run of the work on an upload: a document of `ContentJob`.
///
/// Its id is also the run id of all documents that the run makes, and the prefix of their ids.
package struct ProcessingJob: Codable, Hashable, Sendable {
    package let id: ObjectID
    package let kind: Kind
    package let uploadId: ObjectID
    package let projectId: ObjectID
    /// 1 for the upload's first run; each run that replaces another counts one more. Unique with `uploadId`, so that
    /// of two requests at the same moment only one starts a run.
    package let runNumber: Int
    package let parameters: ProcessParameters
    package let framesPerTask: Int
    package var state: JobState
    /// Raised when the job is started again; the upload keeps a copy, so that late writers miss it.
    package var fence: Int
    /// Known once the source has been indexed.
    package var source: JobSource?
    package var plan: PlanSummary?
    package var error: JobError?
    /// Whether the upload's document says how the job ended.
    package var isAnnounced: Bool
    /// The latest date tells where the job stands.
    package var dates: Dates

    package enum Kind: String, Codable, Sendable {
        case processContent
    }

    package struct Dates: Codable, Hashable, Sendable {
        package var created: Date
        package var processing: Date?
        package var processed: Date?
        package var finished: Date?
        package var interrupted: Date?
    }

    private enum CodingKeys: String, CodingKey {
        case id = "_id"
        case kind, uploadId, projectId, runNumber, parameters, framesPerTask, state, fence, source, plan, error
        case isAnnounced = "announced"
        case dates
    }

    /// A new job, waiting in the queue.
    ///
    /// - Parameter id: made by ``newId(at:random:)``.
    package init(
        id: ObjectID, runNumber: Int, parameters: ProcessParameters, framesPerTask: Int, createdAt: Date
    ) {
        self.id = id
        self.kind = .processContent
        self.uploadId = parameters.uploadId
        self.projectId = parameters.projectId
        self.runNumber = runNumber
        self.parameters = parameters
        self.framesPerTask = framesPerTask
        self.state = .queued
        self.fence = 1
        self.isAnnounced = false
        self.dates = Dates(created: createdAt)
    }

    package var videoName: VideoName { VideoName(path: self.parameters.contentPath) }
    package var clipKeys: ClipKeys { ClipKeys(path: self.parameters.contentPath, uploadId: self.uploadId) }
}

/// The file that a run works from; a clip is refused when it has changed.
package struct JobSource: Codable, Hashable, Sendable {
    package let byteCount: Int64
    /// Last modification, in nanoseconds since 1970.
    package let modified: Int64
    /// 64 lower-case hexadecimal digits.
    package let sha256: String

    package init(byteCount: Int64, modified: Int64, sha256: String) {
        self.byteCount = byteCount
        self.modified = modified
        self.sha256 = sha256
    }
}

/// What the sampling plan promises, so that every worker can check that it sees the same plan.
package struct PlanSummary: Codable, Hashable, Sendable {
    package let clipCount: Int
    /// Frames in all clips together.
    package let frameCount: Int
    /// Frames of the source.
    package let sourceFrameCount: Int

    package init(clipCount: Int, frameCount: Int, sourceFrameCount: Int) {
        self.clipCount = clipCount
        self.frameCount = frameCount
        self.sourceFrameCount = sourceFrameCount
    }
}
