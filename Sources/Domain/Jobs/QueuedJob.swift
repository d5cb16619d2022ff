package import FoundationEssentials

/// What all kinds of jobs have in common: a document of `ContentJob`, done work item by work item by whoever takes
/// them.
package protocol QueuedJob: Codable, Hashable, Sendable {
    var id: ObjectID { get }
    var kind: JobKind { get }
    /// What the job works for: the upload or the dataset version. Runs for one subject never overlap.
    var subjectId: ObjectID { get }
    /// Whose share of the workers the job uses: the project or the dataset group.
    var shareId: ObjectID { get }
    var state: JobState { get }
    /// Raised when the job is started again; whoever writes for an earlier start comes too late.
    var fence: Int { get }
    /// Known once the job has been planned.
    var plan: PlanSummary? { get }
    var error: JobError? { get }
    /// Whether the job's subject says how the job ended.
    var isAnnounced: Bool { get }
    var dates: JobDates { get }
}

/// What a job does.
package enum JobKind: String, Codable, Sendable, CaseIterable {
    /// Makes tasks, annotations or both of an upload.
    case processContent
    /// Makes the images, labels and archives of a dataset version.
    case buildDataset
}

/// The latest date tells where the job stands.
package struct JobDates: Codable, Hashable, Sendable {
    package var created: Date
    package var processing: Date?
    package var processed: Date?
    package var finished: Date?
    package var interrupted: Date?

    package init(created: Date) { self.created = created }
}

/// How many parts the plan gives and how many frames they have, so that every worker can check that it sees the same
/// plan.
package struct PlanSummary: Codable, Hashable, Sendable {
    /// Clips of an upload.
    package let partCount: Int
    /// Frames in all parts together.
    package let frameCount: Int
    /// Frames of the source.
    package let sourceFrameCount: Int

    package init(partCount: Int, frameCount: Int, sourceFrameCount: Int) {
        self.partCount = partCount
        self.frameCount = frameCount
        self.sourceFrameCount = sourceFrameCount
    }

    private enum CodingKeys: String, CodingKey {
        case partCount = "pieceCount"
        case frameCount, sourceFrameCount
    }
}
