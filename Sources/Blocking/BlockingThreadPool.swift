internal import DequeModule
internal import Dispatch
internal import NIOConcurrencyHelpers

/// A fixed number of threads for blocking calls; each has a tool, such as a connection.
///
/// Blocking calls must not run on Swift's own threads, which are as few as the cores. Calls start in the order in which
/// they came. More calls than threads wait without a thread: the tasks that make them are the back-pressure.
///
/// Thread rule: any task may call ``run(orWhenDropped:_:)`` and ``run(_:)``; a tool is used by one thread at a time.
package final class BlockingThreadPool<Tool>: Sendable {
    private struct State {
        var idle: [PoolThread]
        var waiting: Deque<Job> = []
    }

    /// Not the standard library's `Mutex`: ThreadSanitizer does not see that one's futex, and this is the code that it is
    /// there for.
    private let state: NIOLockedValueBox<State>

    /// - Parameters:
    ///   - label: names the threads in debuggers.
    ///   - makeTool: called once for each thread, on the caller's.
    package init<Failure: Error>(
        count: Int, label: String, makeTool: () throws(Failure) -> Tool
    ) throws(Failure) {
        var threads: [PoolThread] = []
        for number in 1...count {
            threads.append(PoolThread(label: "\(label)-\(number)", tool: try makeTool()))
        }
        self.state = NIOLockedValueBox(State(idle: threads))
    }

    /// The tools go on their own threads, since closing one may block. Calls that run keep the pool alive.
    deinit {
        for thread in self.state.withLockedValue({ $0.idle }) { thread.queue.async { thread.tool = nil } }
    }

    /// Runs `body` on a free thread and returns what it returns.
    ///
    /// When the task is cancelled, a call that still waits is dropped at once and `dropped` thrown; one that runs is
    /// told through its ``Cancellation`` and has to end by itself, soon.
    package func run<Success: Sendable, Failure: Error>(
        orWhenDropped dropped: Failure,
        _ body: @escaping @Sendable (Tool, Cancellation) throws(Failure) -> Success
    ) async throws(Failure) -> Success {
        let cancellation = Cancellation()
        let result: Result<Success, Failure> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                self.submit(
                    Job(
                        cancellation: cancellation,
                        perform: { tool in
                            continuation.resume(
                                returning: Result { () throws(Failure) in try body(tool, cancellation) })
                        },
                        abandon: { continuation.resume(returning: .failure(dropped)) }))
            }
        } onCancel: {
            cancellation.request()
            self.drop(cancellation)
        }
        return try result.get()
    }

    /// Runs `body` on a free thread, whether or not the task is cancelled meanwhile: its outcome stays known, and the
    /// clean-up of a cancelled task can use the pool. For calls that are short by their own time limits.
    package func run<Success: Sendable, Failure: Error>(
        _ body: @escaping @Sendable (Tool) throws(Failure) -> Success
    ) async throws(Failure) -> Success {
        let result: Result<Success, Failure> = await withCheckedContinuation { continuation in
            self.submit(
                Job(
                    cancellation: Cancellation(),
                    perform: { tool in
                        continuation.resume(returning: Result { () throws(Failure) in try body(tool) })
                    }, abandon: {}))
        }
        return try result.get()
    }

    /// Calls that have no thread yet.
    var waitingCount: Int { self.state.withLockedValue { $0.waiting.count } }

    private func submit(_ job: Job) {
        let step: Step = self.state.withLockedValue { state in
            // Cancelled before it came: `drop` has already looked for it in vain.
            if job.cancellation.isRequested { return .abandon }
            if let thread = state.idle.popLast() { return .start(thread) }
            state.waiting.append(job)
            return .wait
        }
        switch step {
        case .start(let thread): self.start(job, on: thread)
        case .wait: break
        case .abandon: job.abandon()
        }
    }

    private enum Step {
        case start(PoolThread)
        case wait
        case abandon
    }

    private func drop(_ cancellation: Cancellation) {
        let job: Job? = self.state.withLockedValue { state in
            state.waiting.firstIndex { $0.cancellation === cancellation }.map { state.waiting.remove(at: $0) }
        }
        job?.abandon()
    }

    private func start(_ job: Job, on thread: PoolThread) {
        thread.queue.async {
            guard let tool = thread.tool else { preconditionFailure("a tool goes after the last call of its pool") }
            job.perform(tool)
            let next: Job? = self.state.withLockedValue { state in
                if let next = state.waiting.popFirst() { return next }
                state.idle.append(thread)
                return nil
            }
            if let next { self.start(next, on: thread) }
        }
    }
}

extension BlockingThreadPool where Tool == Void {
    /// Threads for calls that need no tool.
    package convenience init(count: Int, label: String) {
        self.init(count: count, label: label) {}
    }
}

extension BlockingThreadPool {
    // @unchecked Sendable: the tool is touched only by blocks on `queue`, one after the other.
    private final class PoolThread: @unchecked Sendable {
        let queue: DispatchQueue
        var tool: Tool?

        init(label: String, tool: Tool) {
            self.queue = DispatchQueue(label: label)
            self.tool = tool
        }
    }

    private struct Job: Sendable {
        let cancellation: Cancellation
        let perform: @Sendable (Tool) -> Void
        let abandon: @Sendable () -> Void
    }
}
