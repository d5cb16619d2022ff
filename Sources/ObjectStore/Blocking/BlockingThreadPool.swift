import Dispatch
import Synchronization

/// Whether the Swift task behind a blocking call was cancelled; asked from the thread that runs the call.
final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    var isRequested: Bool { self.flag.load(ordering: .relaxed) }

    func request() { self.flag.store(true, ordering: .relaxed) }
}

/// A fixed number of threads for blocking calls; each has its own serial queue and a tool, such as a connection.
///
/// Blocking calls must not run on Swift's own threads, which are as few as the cores. Jobs start in the order in which
/// they came.
final class BlockingThreadPool<Tool>: Sendable {
    private struct State {
        var idle: [PoolThread]
        var waiting: [Job] = []
    }

    private let state: Mutex<State>

    init<Failure: Error>(count: Int, makeTool: () throws(Failure) -> Tool) throws(Failure) {
        var threads: [PoolThread] = []
        for number in 1...count {
            threads.append(PoolThread(queue: DispatchQueue(label: "objectstore.lane.\(number)"), tool: try makeTool()))
        }
        self.state = Mutex(State(idle: threads))
    }

    /// Runs `body` on a free thread and returns what it returns.
    ///
    /// When the task is cancelled, a job that still waits is dropped at once and `dropped` thrown; one that runs is
    /// told through its `Cancellation` and has to end by itself, soon.
    func run<Success: Sendable, Failure: Error>(
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
            self.withdraw(cancellation)
        }
        return try result.get()
    }

    private func submit(_ job: Job) {
        let step: Step = self.state.withLock { state in
            // Cancelled before it came: `withdraw` has already looked for it in vain.
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

    private func withdraw(_ cancellation: Cancellation) {
        let job: Job? = self.state.withLock { state in
            state.waiting.firstIndex { $0.cancellation === cancellation }.map { state.waiting.remove(at: $0) }
        }
        job?.abandon()
    }

    private func start(_ job: Job, on thread: PoolThread) {
        thread.queue.async {
            job.perform(thread.tool)
            let next: Job? = self.state.withLock { state in
                guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
                state.idle.append(thread)
                return nil
            }
            if let next { self.start(next, on: thread) }
        }
    }
}

extension BlockingThreadPool where Tool == Void {
    /// Lanes for calls that need no tool.
    convenience init(count: Int) {
        self.init(count: count) {}
    }
}

extension BlockingThreadPool {
    // Sendable: the tool is touched only by jobs on `queue`, one after the other.
    private final class PoolThread: @unchecked Sendable {
        let queue: DispatchQueue
        let tool: Tool

        init(queue: DispatchQueue, tool: Tool) {
            self.queue = queue
            self.tool = tool
        }
    }

    private struct Job: Sendable {
        let cancellation: Cancellation
        let perform: @Sendable (Tool) -> Void
        let abandon: @Sendable () -> Void
    }
}
