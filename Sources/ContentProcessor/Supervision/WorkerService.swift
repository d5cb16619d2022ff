import ContentPipeline
import Glibc
import ServiceLifecycle

/// A worker as a service: SIGTERM lets it end the unit that it is at.
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
    func run() async throws {
        let parent = getppid()
        while getppid() == parent, !Task.isShuttingDownGracefully {
            try await Task.sleep(for: .seconds(1))
        }
    }
}
