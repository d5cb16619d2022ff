import Annotation
import Glibc
import Logging
import MongoStore
import ServiceLifecycle
import Subprocess
import SystemPackage

/// Keeps the worker processes of this machine running.
///
/// Media is decoded only there: what a damaged file does to a decoder costs one process and one attempt, never the
/// service. A worker that ends is replaced, and what it held goes back to the queue at once.
struct WorkerSupervisor: Service {
    let workerCount: Int
    /// As given to `serve`, for the workers to read the same configuration.
    let configurationPath: String?
    let database: AnnotationDatabase
    let logger: Logger

    func run() async throws {
        await withDiscardingTaskGroup { group in
            for _ in 0..<self.workerCount {
                group.addTask { await self.keepWorkerRunning() }
            }
        }
    }

    private func keepWorkerRunning() async {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            let owner = WorkerName.make()
            do {
                let end = try await self.runWorker(owner)
                try await self.report(end, of: owner)
            } catch {
                self.logger.error("a worker's end could not be handled", metadata: ["error": "\(error)"])
            }
            // A worker that cannot start would otherwise be started without pause.
            try? await Task.sleep(for: .milliseconds(500))  // The only error is cancellation, which the loop notices.
        }
    }

    /// Runs one worker process to its end.
    private func runWorker(_ owner: String) async throws -> TerminationStatus {
        var arguments = ["work", "--supervised", "--owner", owner]
        if let path = self.configurationPath { arguments += ["--config", path] }
        let result = try await Subprocess.run(
            .path("/proc/self/exe"),
            arguments: Arguments(executablePathOverride: "content-processor", remainingValues: arguments),
            input: .none, output: .sequence, error: .currentStandardError
        ) { execution in
            let process = execution.processIdentifier.value
            try await withGracefulShutdownHandler {
                // A worker prints nothing: the end of its output is the end of the process.
                for try await _ in execution.standardOutput {}
            } onGracefulShutdown: {
                kill(process, SIGTERM)
            }
        }
        return result.terminationStatus
    }

    private func report(_ end: TerminationStatus, of owner: String) async throws(StoreError) {
        switch end {
        case .exited(0):
            return
        case .exited(let status):
            self.logger.error("worker ended", metadata: ["owner": "\(owner)", "status": "\(status)"])
            try await self.database.units.reportCrash(of: owner, error: nil)
        case .signaled(let signal):
            self.logger.error("worker ended", metadata: ["owner": "\(owner)", "signal": "\(signal)"])
            try await self.database.units.reportCrash(of: owner, error: Self.error(for: signal))
        }
    }

    /// SIGKILL comes from outside, from a person or from the kernel when memory runs out, and does not speak against
    /// the unit; other signals are the unit's own doing.
    private static func error(for signal: CInt) -> JobError? {
        guard signal != SIGKILL, signal != SIGTERM else { return nil }
        let name = unsafe String(cString: strsignal(signal))
        return JobError(code: 500, message: "The worker process ended with signal \(signal) (\(name)).")
    }
}
