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
