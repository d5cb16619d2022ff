import Dispatch
import Synchronization
import Testing

@testable import ObjectStore

@Suite struct WorkerLanesTests {
    private enum Stop: Error { case dropped, asked }

    /// How many jobs run now, and the most that ever did.
    private final class Gauge: Sendable {
        private let counts = Mutex((now: 0, most: 0))

        var most: Int { self.counts.withLock { $0.most } }

        func during(_ body: () -> Void) {
            self.counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            body()
            self.counts.withLock { $0.now -= 1 }
        }
    }

    @Test func jobsRunOnAllLanesAndEachToolServesOneAtATime() async throws {
        let all = Gauge()
        let threads = BlockingThreadPool(count: 3) { Gauge() }
        let greatest = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<24 {
                group.addTask {
                    try await threads.run(orWhenDropped: Stop.dropped) { tool, _ throws(Stop) in
                        // Blocking calls, as the threads are made for, until each thread has had its job, or for 10 s.
                        all.during {
                            tool.during {
                                for _ in 0..<5000 where all.most < 3 { DispatchSemaphore(value: 0).waitBriefly() }
                            }
                        }
                        return tool.most
                    }
                }
            }
            return try await group.reduce(0, max)
        }
        #expect(all.most == 3)
        #expect(greatest == 1)
    }

    @Test func waitingJobIsDroppedAndRunningJobIsAsked() async throws {
        let threads = BlockingThreadPool(count: 1)
        let (started, announce) = AsyncStream<Void>.makeStream()
        // Tasks of their own: each is cancelled alone.
        let running = Task {
            try await threads.run(orWhenDropped: Stop.dropped) { _, cancellation throws(Stop) in
                announce.yield()
                while !cancellation.isRequested { DispatchSemaphore(value: 0).waitBriefly() }
                throw .asked
            }
        }
        for await _ in started.prefix(1) {}
        // As above.
        let waiting = Task { try await threads.run(orWhenDropped: Stop.dropped) { _, _ throws(Stop) in } }
        waiting.cancel()
        await #expect(throws: Stop.dropped) { try await waiting.value }
        running.cancel()
        await #expect(throws: Stop.asked) { try await running.value }
        try await threads.run(orWhenDropped: Stop.dropped) { _, _ throws(Stop) in }
    }
}

extension DispatchSemaphore {
    /// Blocks the thread for 2 ms.
    fileprivate func waitBriefly() { _ = self.wait(timeout: .now() + .milliseconds(2)) }
}
