internal import Synchronization

/// What this process has done and not yet added to the sums of all processes.
///
/// Thread rule: any thread.
package final class WorkMeter: Sendable {
    private let sums = Mutex(WorkSums())

    package init() {}

    package func add(_ amount: Double = 1, to metric: WorkMetric, _ detail: String = WorkSums.undivided) {
        self.sums.withLock { $0.add(amount, to: metric, detail) }
    }

    package func add(_ duration: Duration, to metric: WorkMetric, _ detail: String = WorkSums.undivided) {
        self.add(duration / .seconds(1), to: metric, detail)
    }

    /// Hands everything over and starts at nothing.
    package func take() -> WorkSums {
        self.sums.withLock { sums in
            defer { sums = WorkSums() }
            return sums
        }
    }

    /// Takes back what could not be recorded.
    package func putBack(_ sums: WorkSums) { self.sums.withLock { $0.add(sums) } }
}

/// Something that processes count while they work. The raw value is the name under which the sum is kept, so it never
/// changes.
package enum WorkMetric: String, CaseIterable, Sendable {
    /// Clips that were made and published.
    case clips
    /// Frames of the source that were decoded, wanted or not.
    case framesDecoded
    /// Frames of published clips.
    case framesKept
    /// Processor time.
    case decodeSeconds, encodeSeconds
    /// Time that engines took, by version.
    case annotationSeconds
    /// Requests to the object store over HTTP, each attempt for itself.
    case s3Requests
    case s3BytesSent, s3BytesReceived
    /// Requests that were sent again.
    case s3Retries
    /// Leases that expired.
    case leaseLosses
    /// Ends of worker processes, by reason.
    case workerEnds
}

/// Amounts of metrics, counted apart by a detail such as an annotator's version.
package struct WorkSums: Hashable, Sendable {
    /// The detail of metrics that are not counted apart.
    package static let undivided = "all"

    private var amounts: [WorkMetric: [String: Double]] = [:]

    package init() {}

    package var isEmpty: Bool { self.amounts.isEmpty }

    /// The amounts of a metric by detail.
    package subscript(metric: WorkMetric) -> [String: Double] { self.amounts[metric] ?? [:] }

    package mutating func add(_ amount: Double, to metric: WorkMetric, _ detail: String = Self.undivided) {
        self.amounts[metric, default: [:]][detail, default: 0] += amount
    }

    package mutating func add(_ other: WorkSums) {
        for (metric, parts) in other.amounts {
            for (detail, amount) in parts { self.add(amount, to: metric, detail) }
        }
    }
}
