internal import Foundation

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
            let thread = Thread { [queue] in
                while let work = queue.next() { pool.withClient(work) }
            }
            thread.name = "mongo-\(number)"
            thread.start()
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
    fileprivate final class Queue: @unchecked Sendable {
        // Sendable: the fields below are used only while `condition` is locked.
        private let condition = NSCondition()
        private var waiting: [Work] = []
        private var isClosed = false

        func append(_ work: @escaping Work) {
            self.condition.withLock {
                self.waiting.append(work)
                self.condition.signal()
            }
        }

        func close() {
            self.condition.withLock {
                self.isClosed = true
                self.condition.broadcast()
            }
        }

        /// The next work, or `nil` when the queue is closed and empty.
        func next() -> Work? {
            self.condition.withLock {
                while self.waiting.isEmpty && !self.isClosed { self.condition.wait() }
                return self.waiting.isEmpty ? nil : self.waiting.removeFirst()
            }
        }
    }
}
