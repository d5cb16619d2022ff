import Domain
import FoundationEssentials

/// What clients can tell apart in a job's course, in the order in which it happens: the `id` of an event.
///
/// Made of the job alone, so that a client may continue at another process. Written as five whole numbers with dots.
struct JobRevision: Hashable, Sendable {
    /// Raised when the job is started again.
    let fence: Int
    let stage: Stage
    let framesDone: Int
    let partsDone: Int
    /// Since when attempts at a work item have failed, in seconds since 1970; 0 when none do.
    let failingSince: Int

    enum Stage: Int, Sendable {
        case queued
        case running
        /// Running, and it is known how much there is to do.
        case planned
        case ended
    }

    init(_ snapshot: JobSnapshot) {
        let job = snapshot.job
        self.fence = job.fence
        self.stage =
            switch job.state {
            case .queued: .queued
            case .running: job.plan == nil ? .running : .planned
            case .succeeded, .failed, .cancelled, .quarantined: .ended
            }
        self.framesDone = snapshot.progress.framesDone
        self.partsDone = snapshot.progress.partsDone
        self.failingSince = snapshot.stall?.since.map { Int($0.timeIntervalSince1970) } ?? 0
    }

    private var numbers: [Int] {
        [self.fence, self.stage.rawValue, self.framesDone, self.partsDone, self.failingSince]
    }
}

extension JobRevision: Comparable {
    static func < (left: JobRevision, right: JobRevision) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }
}

extension JobRevision: LosslessStringConvertible {
    /// Reads what ``description`` gives; `nil` for anything else.
    init?(_ description: String) {
        let numbers = description.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 5, let fence = numbers[0], let stage = numbers[1].flatMap(Stage.init),
            let frames = numbers[2],
            let parts = numbers[3], let since = numbers[4]
        else { return nil }
        self.fence = fence
        self.stage = stage
        self.framesDone = frames
        self.partsDone = parts
        self.failingSince = since
    }

    var description: String { self.numbers.map(String.init).joined(separator: ".") }
}
