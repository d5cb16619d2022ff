internal import Dispatch
internal import Synchronization

/// The threads on which the store waits for the database.
///
/// Every call of libmongoc blocks until the server answers. Swift's own threads are as few as the machine's cores and
/// must never wait, so commands run here. There are exactly as many threads as clients: a thread that has work always
/// finds a client free, and more threads would only queue for one. Commands start in the order in which they came.
final class StoreThreads: Sendable {
    private let queue = Queue()

    /// The threads own the pool: the last of them to end closes it.
    init(count: Int, pool: ClientPool) {
        for number in 1...count {
            // A queue of its own is a thread of its own while its one block runs, which is until the end.
            DispatchQueue(label: "mongo-\(number)").async { [queue] in
                while let work = queue.next() { pool.withClient(work) }
            }
        }
    }

    /// Work that was accepted is still done; then the threads end.
    deinit { self.queue.close() }

    /// Runs `body` with a client on one of the threads.
    ///
    /// What was started is always finished, whether or not the task is cancelled meanwhile: a command is short and
    /// bounded by its timeouts, its outcome stays known, and the clean-up of a cancelled task can use the store.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable (borrowing Client) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        try await withCheckedContinuation { continuation in
            self.queue.append { client in
                continuation.resume(
                    returning: Swift.Result { () throws(StoreError) in try body(client) })
            }
        }.get()
    }
}

extension StoreThreads {
    fileprivate typealias Work = @Sendable (borrowing Client) -> Void

    /// First in, first out; ``next()`` waits.
    fileprivate final class Queue: Sendable {
        private struct State {
            var waiting: [Work] = []
            var isClosed = false
        }

        private let state = Mutex(State())
        /// Signalled for each work, and once more when the queue is closed.
        private let changes = DispatchSemaphore(value: 0)

        func append(_ work: @escaping Work) {
            self.state.withLock { $0.waiting.append(work) }
            self.changes.signal()
        }

        func close() {
            self.state.withLock { $0.isClosed = true }
            self.changes.signal()
        }

        /// The next work, or `nil` when the queue is closed and empty.
        func next() -> Work? {
            self.changes.wait()
            let work = self.state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
            // The others learn of the end, too.
            if work == nil { self.changes.signal() }
            return work
        }
    }
}
