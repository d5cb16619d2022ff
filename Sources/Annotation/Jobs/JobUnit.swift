package import FoundationEssentials

/// One piece of a job that one worker does at a time: a document of `ContentJobUnit`.
///
/// A unit with a lease can be taken once `lease.until` has passed: that is the end of its holder's lease while the
/// unit is running, and the end of its backoff while it waits. A unit without a lease is out of the queue.
package struct JobUnit: Codable, Hashable, Sendable {
    package let id: ObjectID
    package let jobId: ObjectID
    package let uploadId: ObjectID
    package let projectId: ObjectID
    package let kind: Kind
    /// The clip's index, from 0; absent in other kinds.
    package let clip: Int?
    /// Lower comes first.
    package let priority: Int
    package var state: State
    package var lease: Lease?
    /// Raised each time the unit is taken or stopped. Whoever writes names the fence that it was given.
    package var fence: Int
    /// Attempts that ended in an error.
    package var attempts: Int
    /// Leases that ended without a word from their holder.
    package var losses: Int
    /// Frames done by the present or last attempt.
    package var framesDone: Int
    /// Why the last attempt failed.
    package var error: JobError?

    package enum Kind: String, Codable, Sendable {
        case plan, clip, finish
    }

    /// What there is to do.
    package enum Work: Hashable, Sendable, CustomStringConvertible {
        /// Index the source, plan the clips, withdraw what the run replaces.
        case plan
        /// Make and publish one clip.
        case clip(index: Int)
        /// Check all objects, remove surplus ones and end the job.
        case finish

        package var description: String {
            switch self {
            case .plan: "plan"
            case .clip(let index): "clip \(index)"
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
        /// The worker; absent while the unit waits.
        package let owner: String?
        package let until: Date
    }

    private enum CodingKeys: String, CodingKey {
        case id = "_id"
        case jobId, uploadId, projectId, kind, clip, priority, state, lease, fence, attempts, losses, framesDone, error
    }

    /// A new unit that can be taken at once.
    package init(_ work: Work, of job: ProcessingJob, createdAt: Date) {
        self.id = job.unitId(of: work)
        self.jobId = job.id
        self.uploadId = job.uploadId
        self.projectId = job.projectId
        self.priority = 0
        self.state = .waiting
        self.lease = Lease(owner: nil, until: createdAt)
        self.fence = 0
        self.attempts = 0
        self.losses = 0
        self.framesDone = 0
        switch work {
        case .plan: (self.kind, self.clip) = (.plan, nil)
        case .clip(let index): (self.kind, self.clip) = (.clip, index)
        case .finish: (self.kind, self.clip) = (.finish, nil)
        }
    }

    /// The unit that comes after a clip in its job: the next clip, if there is one.
    package var next: ObjectID? {
        guard self.kind == .clip else { return nil }
        return ObjectID(seconds: self.id.seconds, unique: self.id.unique + 1)
    }

    package var work: Work {
        switch self.kind {
        case .plan: .plan
        case .clip: .clip(index: self.clip ?? 0)
        case .finish: .finish
        }
    }
}
