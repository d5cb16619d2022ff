package import FoundationEssentials

/// One part of a job that one worker does at a time: a document of `ContentJobUnit`.
///
/// A work item with a lease can be taken once `lease.until` has passed: that is the end of its holder's lease while the
/// work item is running, and the end of its backoff while it waits. A work item without a lease is out of the queue.
package struct WorkItem: Codable, Hashable, Sendable {
    package let id: ObjectID
    package let jobId: ObjectID
    package let jobKind: JobKind
    /// The job's subject and share, see ``QueuedJob``.
    package let subjectId: ObjectID
    package let shareId: ObjectID
    package let kind: Kind
    /// The part's index, from 0; absent in other kinds.
    package let part: Int?
    /// The work item's place in the queue: lower comes first.
    package let startTime: VirtualStartTime
    /// The virtual start time of its job.
    package let jobStartTime: VirtualStartTime
    package var state: State
    package var lease: Lease?
    /// Raised each time the work item is taken or stopped. Whoever writes names the fence that it was given.
    package var fence: Int
    /// Attempts that ended in an error.
    package var attempts: Int
    /// Leases that expired: their worker neither finished nor released the item.
    package var losses: Int
    /// Whether the present holder took the work item over from a worker whose lease had run out; absent before that is
    /// known.
    package var isTakenOver: Bool?
    /// Frames done by the present or last attempt.
    package var framesDone: Int
    /// Why the last attempt failed.
    package var error: JobError?
    /// Since when attempts have failed.
    package var failingSince: Date?

    package enum Kind: String, Codable, Sendable {
        case plan, finish
        case part = "piece"
    }

    /// What there is to do.
    package enum Work: Hashable, Sendable, CustomStringConvertible {
        /// Learn what the job consists of and queue its parts.
        case plan
        /// Make and publish one part: a clip of an upload.
        case part(index: Int)
        /// Check all that was made and end the job.
        case finish

        package var description: String {
            switch self {
            case .plan: "plan"
            case .part(let index): "part \(index)"
            case .finish: "finish"
            }
        }
    }

    package enum State: String, Codable, Sendable {
        case waiting, running, done
        /// Out of the queue because its job ended.
        case stopped
    }

    package struct Lease: Codable, Hashable, Sendable {
        /// The worker; absent while the work item waits.
        package let owner: String?
        package let until: Date
    }

    private enum CodingKeys: String, CodingKey {
        case id = "_id"
        case jobId, jobKind, subjectId, shareId, kind, state, lease, fence, attempts, losses, framesDone
        case part = "piece"
        case startTime = "turn"
        case jobStartTime = "jobTurn"
        case isTakenOver = "takenOver"
        case error, failingSince = "troubledSince"
    }

    /// A new work item that can be taken at once.
    ///
    /// - Parameters:
    ///   - startTime: the job's.
    ///   - partCount: how many parts the job has, 0 before it is planned.
    package init(_ work: Work, of job: some QueuedJob, startTime: VirtualStartTime, partCount: Int = 0) {
        self.id = job.itemId(of: work)
        self.jobId = job.id
        self.jobKind = job.kind
        self.subjectId = job.subjectId
        self.shareId = job.shareId
        self.jobStartTime = startTime
        self.state = .waiting
        self.lease = Lease(owner: nil, until: job.dates.created)
        self.fence = 0
        self.attempts = 0
        self.losses = 0
        self.framesDone = 0
        switch work {
        case .plan: (self.kind, self.part, self.startTime) = (.plan, nil, startTime)
        case .part(let index): (self.kind, self.part, self.startTime) = (.part, index, startTime.ofPart(index))
        case .finish: (self.kind, self.part, self.startTime) = (.finish, nil, startTime.ofPart(partCount))
        }
    }

    /// The work item that comes after this one in its job: the first part after the plan, and the next part after a
    /// part, if there is one.
    package var next: ObjectID? {
        guard self.kind != .finish else { return nil }
        return ObjectID(seconds: self.id.seconds, unique: self.id.unique + 1)
    }

    package var work: Work {
        switch self.kind {
        case .plan: .plan
        case .part: .part(index: self.part ?? 0)
        case .finish: .finish
        }
    }
}
