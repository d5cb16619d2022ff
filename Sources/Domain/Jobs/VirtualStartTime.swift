/// A work item's place in the queue: the lowest virtual start time is handed out first, and of equal ones the older
/// job's.
///
/// This is start-time fair queueing (P. Goyal, H. Vin, H. Cheng: "Start-time fair queuing", SIGCOMM 1996). The packet
/// is a job, or ``partCount`` parts of a long one. The jobs of one project follow each other at a distance of one. A
/// project that is new in the queue starts at the time that is being handed out. So its jobs alternate with those of a
/// project that has flooded the queue, and a small job need not wait for the end of a long one.
package struct VirtualStartTime: Codable, Hashable, Comparable, Sendable {
    /// From 0; it only orders.
    package let number: Int

    package init(_ number: Int) { self.number = number }

    /// Parts of a job with one start time, and the most that a worker makes of one job while others wait.
    package static let partCount = 8

    /// The start time of a new job.
    ///
    /// - Parameters:
    ///   - present: what is being handed out; `nil` when the queue is empty.
    ///   - last: the last start of a job of the same project in the queue; `nil` when it has none.
    package init(ofJobAfter last: VirtualStartTime?, present: VirtualStartTime?) {
        self.number = max(present?.number ?? 0, last.map { $0.number + 1 } ?? 0)
    }

    /// The start time of a part of the job that starts at this time.
    package func ofPart(_ index: Int) -> VirtualStartTime { VirtualStartTime(self.number + index / Self.partCount) }

    package static func < (left: VirtualStartTime, right: VirtualStartTime) -> Bool { left.number < right.number }

    package init(from decoder: any Decoder) throws {
        self.number = try decoder.singleValueContainer().decode(Int.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.number)
    }
}

/// The work items of one job that a worker has done one after the other: it keeps the job's source open for the next.
package struct JobAffinity: Hashable, Sendable {
    package let last: WorkItem
    package let count: Int

    package init(after affinity: JobAffinity? = nil, taking item: WorkItem) {
        self.last = item
        let isSameJob = affinity.map { $0.last.jobId == item.jobId && !$0.isLong } ?? false
        self.count = isSameJob ? (affinity?.count ?? 0) + 1 : 1
    }

    /// Whether the worker looks for waiting jobs before it takes another item of this one.
    package var isLong: Bool { self.count >= VirtualStartTime.partCount }
}
