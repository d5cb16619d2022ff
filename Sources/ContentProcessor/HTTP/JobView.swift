import Domain
import FoundationEssentials

/// A job as clients see it.
struct JobView: Codable, Sendable {
    let id: ObjectID
    let uploadId: ObjectID?
    let projectId: ObjectID?
    let versionId: ObjectID?
    let kind: JobKind
    let state: JobState
    /// 0…100; 100 only when all is done.
    let progress: Int
    let clipsDone: Int
    let clipCount: Int?
    let framesDone: Int
    let frameCount: Int?
    /// Files of an upload of images that are in none of its tasks, and how many there are; absent without any.
    let skippedFiles: [SkippedFiles.File]?
    let skippedFileCount: Int?
    /// Whole seconds until the end at the mean pace so far; absent before the first frame and after the end.
    let secondsLeft: Int?
    /// How the job ended, unless it succeeded.
    let error: JobError?
    /// Why a job that continues is late: what an attempt at one of its work items ended with.
    let lastError: JobError?
    /// Since when attempts at that work item have failed.
    let failingSince: Date?
    let dates: JobDates
    let links: JobLinks

    private enum CodingKeys: String, CodingKey {
        case id = "job_id"
        case uploadId = "upload_id"
        case projectId = "project_id"
        case versionId = "data_version_id"
        case kind, state, progress
        case clipsDone = "clips_done"
        case clipCount = "clip_count"
        case framesDone = "frames_done"
        case frameCount = "frame_count"
        case skippedFiles = "skipped_files"
        case skippedFileCount = "skipped_file_count"
        case secondsLeft = "eta_seconds"
        case error
        case lastError = "last_error"
        case failingSince = "failing_since"
        case dates, links
    }

    init(_ snapshot: JobSnapshot, links: JobLinks, now: Date = Date()) {
        let (job, progress, stall) = (snapshot.job, snapshot.progress, snapshot.stall)
        self.id = job.id
        self.uploadId = job.uploadId
        self.projectId = job.projectId
        self.versionId = job.versionId
        self.kind = job.kind
        self.state = job.state
        self.progress = job.state == .succeeded ? 100 : progress.percent
        self.clipsDone = progress.partsDone
        self.clipCount = job.plan?.partCount
        self.framesDone = progress.framesDone
        self.frameCount = job.plan?.frameCount
        let skipped = job.skippedFiles.flatMap { $0.count > 0 ? $0 : nil }
        self.skippedFiles = skipped?.files
        self.skippedFileCount = skipped?.count
        self.secondsLeft = Self.secondsLeft(of: job, progress, now: now)
        self.error = job.error
        self.lastError = stall?.error
        self.failingSince = stall?.since
        self.dates = job.dates
        self.links = links
    }

    private static func secondsLeft(of job: JobHeader, _ progress: JobProgress, now: Date) -> Int? {
        guard job.state == .running, let start = job.dates.processing else { return nil }
        return WorkPace(progress, after: .seconds(now.timeIntervalSince(start))).map {
            Int($0.remaining.components.seconds)
        }
    }
}

/// Where to ask for a job, or cancel it with DELETE, and where to watch it.
struct JobLinks: Codable, Sendable {
    let `self`: String
    /// With a token that opens it for a while; `nil` where no service answers.
    let events: String?

    init(_ id: ObjectID, events: String? = nil) {
        self.`self` = "/api/jobs/\(id)"
        self.events = events
    }
}
