import Dispatch
import NIOConcurrencyHelpers
import Testing

@testable import Blocking

@Suite struct BlockingThreadPoolTests {
    private enum Stop: Error { case dropped, asked }

    /// How many jobs run now, and the most that ever did.
    private final class Gauge: Sendable {
        private let counts = NIOLockedValueBox((now: 0, most: 0))

        var most: Int { self.counts.withLockedValue { $0.most } }

        func during(_ body: () -> Void) {
            self.counts.withLockedValue { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            body()
            self.counts.withLockedValue { $0.now -= 1 }
        }
    }

    @Test func callsRunOnAllThreadsAndEachToolServesOneAtATime() async throws {
        let all = Gauge()
        let threads = BlockingThreadPool(count: 3, label: "test") { Gauge() }
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
        let threads = BlockingThreadPool(count: 1, label: "test")
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

    /// The numbers of calls in the order in which they ran.
    private final class Record: Sendable {
        private let state = NIOLockedValueBox<[Int]>([])
        var numbers: [Int] { self.state.withLockedValue { $0 } }
        func append(_ number: Int) { self.state.withLockedValue { $0.append(number) } }
    }

    @Test func callsStartInTheirOrder() async throws {
        let threads = BlockingThreadPool(count: 1, label: "test")
        let record = Record()
        let (started, announce) = AsyncStream<Void>.makeStream()
        let gate = DispatchSemaphore(value: 0)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await threads.run { _ in
                    announce.yield()
                    gate.wait()
                }
            }
            for await _ in started.prefix(1) {}
            for number in 0..<50 {
                group.addTask {
                    await threads.run { _ in record.append(number) }
                }
                // Until it waits, the next is not made.
                while threads.waitingCount <= number { await Task.yield() }
            }
            gate.signal()
        }
        #expect(record.numbers == Array(0..<50))
    }

    @Test func aCallThatIsNotToBeDroppedIsDoneAlthoughItsTaskIsCancelled() async {
        let threads = BlockingThreadPool(count: 1, label: "test")
        let record = Record()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    await threads.run { _ in record.append(number) }
                }
            }
            group.cancelAll()
        }
        #expect(record.numbers.count == 20)
    }

    @Test func toolsGoOnTheirOwnThreads() async throws {
        /// Tells whether it ends outside of every Swift task, as on a thread of the pool.
        final class Tool: Sendable {
            let announce: AsyncStream<Bool>.Continuation
            init(_ announce: AsyncStream<Bool>.Continuation) { self.announce = announce }
            deinit { self.announce.yield(withUnsafeCurrentTask { $0 == nil }) }
        }
        let (ends, announce) = AsyncStream<Bool>.makeStream()
        do {
            let threads = BlockingThreadPool(count: 3, label: "test") { Tool(announce) }
            await threads.run { _ in }
        }
        for await isOutside in ends.prefix(3) { #expect(isOutside) }
    }

    @Test func anActorOnABlockingExecutorLeavesSwiftsThreadsFree() async {
        actor Sleeper {
            private nonisolated let executor = BlockingExecutor(label: "test.sleeper")
            nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }
            private let gate = DispatchSemaphore(value: 0)
            func wait() { self.gate.wait() }
            nonisolated func wake() { self.gate.signal() }
        }
        // More actors block than Swift has threads; the tasks that wake them still run.
        let sleepers = (0..<32).map { _ in Sleeper() }
        await withTaskGroup { group in
            for sleeper in sleepers { group.addTask { await sleeper.wait() } }
            for sleeper in sleepers { group.addTask { sleeper.wake() } }
        }
    }
}

extension DispatchSemaphore {
    /// Blocks the thread for 2 ms.
    fileprivate func waitBriefly() { _ = self.wait(timeout: .now() + .milliseconds(2)) }
}
