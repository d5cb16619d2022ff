package import FoundationEssentials

/// One run of the work on an upload.
///
/// Its id is also the run id of all documents that the run makes, and the prefix of their ids.
package struct ProcessingJob: QueuedJob {
    package let id: ObjectID
    package let kind: JobKind
    package let uploadId: ObjectID
    package let projectId: ObjectID
    /// 1 for the upload's first run; each run that replaces another counts one more. Unique with `uploadId`, so that
    /// of two requests at the same moment only one starts a run.
    package let runNumber: Int
    package let parameters: ProcessParameters
    package let framesPerTask: Int
    package var state: JobState
    /// The upload keeps a copy, so that late writers miss it.
    package var fence: Int
    /// Known once the source has been indexed.
    package var source: JobSource?
    /// The images of the upload in the order of their frames, where it has images.
    package let images: [JobImage]?
    /// Files beside the images that are not shown; known once the folder or archive has been listed.
    package var skippedFiles: SkippedFiles?
    /// The tasks that the job annotates, in their order, where it makes none; known once it has been planned.
    package let taskIds: [ObjectID]?
    package var plan: PlanSummary?
    /// Whether interlaced video becomes progressive in all clips of the job, whoever makes them: as it was configured
    /// where the job was planned. `nil` before, and in jobs of earlier versions.
    package var deinterlaces: Bool?
    package var error: JobError?
    package var isAnnounced: Bool
    package var dates: JobDates

    private enum CodingKeys: String, CodingKey {
        case id = "_id"
        case kind, uploadId, projectId, runNumber, parameters, framesPerTask, state, fence, source, images,
            skippedFiles,
            taskIds, plan, deinterlaces, error
        case isAnnounced = "announced"
        case dates
    }

    /// A new job, waiting in the queue.
    ///
    /// - Parameter id: made by ``newId(at:random:)``.
    package init(
        id: ObjectID, runNumber: Int, parameters: ProcessParameters, framesPerTask: Int, images: [JobImage]? = nil,
        skippedFiles: SkippedFiles? = nil, createdAt: Date
    ) {
        self.id = id
        self.kind = .processContent
        self.uploadId = parameters.uploadId
        self.projectId = parameters.projectId
        self.runNumber = runNumber
        self.parameters = parameters
        self.framesPerTask = framesPerTask
        self.images = images
        self.skippedFiles = skippedFiles
        self.taskIds = nil
        self.state = .queued
        self.fence = 1
        self.isAnnounced = false
        self.dates = JobDates(created: createdAt)
    }

    package var subjectId: ObjectID { self.uploadId }
    package var shareId: ObjectID { self.projectId }

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

/// One image of an upload, as it was when the request was accepted.
package struct JobImage: Codable, Hashable, Sendable {
    /// Path below the folder, or name in the archive.
    package let name: String
    package let byteCount: Int64
    /// Last modification in nanoseconds since 1970; 0 in an archive, whose own identity counts.
    package let modified: Int64

    /// The path's bytes in hexadecimal digits, where they are not those of `name`: not every file system has UTF-8.
    package let rawName: String?
    /// From 0 among the entries of an archive, where two may have one name; `nil` in a folder.
    package let position: Int?

    package init(name: String, byteCount: Int64, modified: Int64, rawName: String? = nil, position: Int? = nil) {
        self.name = name
        self.rawName = rawName
        self.position = position
        self.byteCount = byteCount
        self.modified = modified
    }
}
