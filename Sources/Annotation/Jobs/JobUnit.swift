package import FoundationEssentials

/// One piece of a job that one worker does at a time: a document of `ContentJobUnit`.
///
/// A unit with a lease can be taken once `lease.until` has passed: that is the end of its holder's lease while the
/// unit is running, and the end of its backoff while it waits. A unit without a lease is out of the queue.
package struct JobUnit: Codable, Hashable, Sendable {
    package let id: ObjectID
    package let jobId: ObjectID
    package let jobKind: JobKind
    /// The job's subject and share, see ``QueuedJob``.
    package let subjectId: ObjectID
    package let shareId: ObjectID
    package let kind: Kind
    /// The piece's index, from 0; absent in other kinds.
    package let piece: Int?
    /// The unit's place in the queue: lower comes first.
    package let turn: QueueTurn
    /// The turn at which the unit's job began.
    package let jobTurn: QueueTurn
    package var state: State
    package var lease: Lease?
    /// Raised each time the unit is taken or stopped. Whoever writes names the fence that it was given.
    package var fence: Int
    /// Attempts that ended in an error.
    package var attempts: Int
    /// Leases that ended without a word from their holder.
    package var losses: Int
    /// Whether the present holder took the unit over from a worker whose lease had run out; absent before that is known.
    package var isTakenOver: Bool?
    /// Frames done by the present or last attempt.
    package var framesDone: Int
    /// Why the last attempt failed.
    package var error: JobError?
    /// Since when attempts have failed.
    package var troubledSince: Date?

    package enum Kind: String, Codable, Sendable {
        case plan, piece, finish
    }

    /// What there is to do.
    package enum Work: Hashable, Sendable, CustomStringConvertible {
        /// Learn what the job consists of and queue its pieces.
        case plan
        /// Make and publish one piece: a clip of an upload.
        case piece(index: Int)
        /// Check all that was made and end the job.
        case finish

        package var description: String {
            switch self {
            case .plan: "plan"
            case .piece(let index): "piece \(index)"
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
        case jobId, jobKind, subjectId, shareId, kind, piece, turn, jobTurn, state, lease, fence, attempts, losses,
            framesDone
        case isTakenOver = "takenOver"
        case error, troubledSince
    }

    /// A new unit that can be taken at once.
    ///
    /// - Parameters:
    ///   - turn: the job's first turn.
    ///   - pieceCount: how many pieces the job has, 0 before it is planned.
    package init(_ work: Work, of job: some QueuedJob, turn: QueueTurn, pieceCount: Int = 0) {
        self.id = job.unitId(of: work)
        self.jobId = job.id
        self.jobKind = job.kind
        self.subjectId = job.subjectId
        self.shareId = job.shareId
        self.jobTurn = turn
        self.state = .waiting
        self.lease = Lease(owner: nil, until: job.dates.created)
        self.fence = 0
        self.attempts = 0
        self.losses = 0
        self.framesDone = 0
        switch work {
        case .plan: (self.kind, self.piece, self.turn) = (.plan, nil, turn)
        case .piece(let index): (self.kind, self.piece, self.turn) = (.piece, index, turn.ofPiece(index))
        case .finish: (self.kind, self.piece, self.turn) = (.finish, nil, turn.ofPiece(pieceCount))
        }
    }

    /// The unit that comes after a piece in its job: the next piece, if there is one.
    package var next: ObjectID? {
        guard self.kind == .piece else { return nil }
        return ObjectID(seconds: self.id.seconds, unique: self.id.unique + 1)
    }

    package var work: Work {
        switch self.kind {
        case .plan: .plan
        case .piece: .piece(index: self.piece ?? 0)
        case .finish: .finish
        }
    }
}
