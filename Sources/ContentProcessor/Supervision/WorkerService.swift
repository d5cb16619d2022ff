import Glibc
import JobWorker
import ServiceLifecycle

/// A worker as a service: SIGTERM lets it end the work item that it is at.
struct WorkerService: Service {
    let worker: Worker

    func run() async throws {
        await withGracefulShutdownHandler {
            await self.worker.run()
        } onGracefulShutdown: {
            self.worker.stop()
        }
    }
}

/// Ends when the process that started this one has ended, so that no worker outlives its supervisor.
struct ParentWatch: Service {
    /// The process that started this one, which may have ended before this one could look.
    let parent: pid_t

    func run() async throws {
        while getppid() == self.parent, !Task.isShuttingDownGracefully {
            try await Task.sleep(for: .seconds(1))
        }
    }
}

extension ParentWatch {
    /// Runs `body`, and cancels it when the process `parent` has ended.
    ///
    /// - Throws: `CancellationError` then, and errors of `body`.
    static func whileRunning<Result: Sendable>(
        _ parent: pid_t, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                while getppid() == parent { try await Task.sleep(for: .milliseconds(200)) }
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let result = first else { throw CancellationError() }
            return result
        }
    }
}
