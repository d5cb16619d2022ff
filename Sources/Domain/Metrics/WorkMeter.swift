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
