internal import Dispatch

/// Runs an actor's jobs on its own serial queue, so that blocking calls never occupy a thread of the shared concurrency
/// pool, which has as few threads as the machine has cores.
///
/// For calls that belong to one stateful object, such as a decoder. For independent calls, see ``BlockingThreadPool``.
package final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    /// - Parameter label: names the queue in debuggers.
    package init(label: String) { self.queue = DispatchQueue(label: label) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
