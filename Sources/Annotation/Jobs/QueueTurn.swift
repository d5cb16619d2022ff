/// A unit's place in the queue: units of a lower turn are handed out first, within a turn the older job's.
///
/// Each project's jobs follow each other, a turn apart, and long jobs take a turn for every few pieces. A project that
/// comes new into the queue starts at the turn that is being handed out, so that its jobs alternate with those of a
/// project that has flooded the queue, and a small job need not wait for the end of a long one. This is start-time
/// fair queueing (P. Goyal, H. Vin, H. Cheng: "Start-time fair queuing", SIGCOMM 1996) with a job, or a few pieces of
/// it, as the packet.
package struct QueueTurn: Codable, Hashable, Comparable, Sendable {
    /// From 0; it only orders.
    package let number: Int

    package init(_ number: Int) { self.number = number }

    /// Pieces of a job that are handed out in one turn, and the most that a worker makes of one job while others wait.
    package static let pieceCount = 8

    /// The first turn of a new job.
    ///
    /// - Parameters:
    ///   - present: the turn that is being handed out; `nil` when the queue is empty.
    ///   - last: the last turn that begins a job of the same project in the queue; `nil` when it has none.
    package init(ofJobAfter last: QueueTurn?, present: QueueTurn?) {
        self.number = max(present?.number ?? 0, last.map { $0.number + 1 } ?? 0)
    }

    /// The turn of a piece of the job that starts at this turn.
    package func ofPiece(_ index: Int) -> QueueTurn { QueueTurn(self.number + index / Self.pieceCount) }

    package static func < (left: QueueTurn, right: QueueTurn) -> Bool { left.number < right.number }

    package init(from decoder: any Decoder) throws {
        self.number = try decoder.singleValueContainer().decode(Int.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.number)
    }
}

/// The units of one job that a worker has done one after the other.
package struct UnitStreak: Hashable, Sendable {
    package let last: JobUnit
    package let count: Int

    package init(after streak: UnitStreak? = nil, taking unit: JobUnit) {
        self.last = unit
        let goesOn = streak.map { $0.last.jobId == unit.jobId && !$0.isLong } ?? false
        self.count = goesOn ? (streak?.count ?? 0) + 1 : 1
    }

    /// Whether the worker should look whether others wait before it goes on with the job.
    package var isLong: Bool { self.count >= QueueTurn.pieceCount }
}
