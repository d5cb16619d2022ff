import Domain
import FoundationEssentials
import Glibc
import ServiceLifecycle
import Subprocess
import SystemPackage

/// This program run again as a worker, in a process of its own.
struct WorkerProgram: Sendable {
    /// As given to this program, for the workers to read the same configuration.
    let configurationPath: String?
    /// Resident memory that a worker may use.
    let memoryLimitByteCount: Int

    /// How a worker process ended.
    enum End: Hashable, Sendable {
        case finished
        case failed(status: CInt)
        case signaled(CInt)
        /// It used more memory than it may.
        case tooLarge(byteCount: Int)
    }

    /// Runs one worker to its end. Graceful shutdown lets it end the work item that it is at; cancellation gives it
    /// three seconds to put the work item back into the queue.
    func run(as owner: String) async throws -> End {
        var arguments = ["work", "--supervisor", "\(getpid())", "--owner", owner]
        if let path = self.configurationPath { arguments += ["--config", path] }
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(3))]
        let result = try await Subprocess.run(
            .path("/proc/self/exe"),
            arguments: Arguments(executablePathOverride: "content-processor", remainingValues: arguments),
            environment: Self.environment, platformOptions: options,
            input: .none, output: .sequence, error: .currentStandardError
        ) { execution in
            let process = execution.processIdentifier.value
            let watch = MemoryWatch(process: process, limitByteCount: self.memoryLimitByteCount)
            async let excess = watch.run()
            try await withGracefulShutdownHandler {
                // A worker prints nothing: the end of its output is the end of the process.
                for try await _ in execution.standardOutput {}
            } onGracefulShutdown: {
                kill(process, SIGTERM)
            }
            return await excess
        }
        if let byteCount = result.closureResult { return .tooLarge(byteCount: byteCount) }
        switch result.terminationStatus {
        case .exited(0): return .finished
        case .exited(let status): return .failed(status: status)
        case .signaled(let signal): return .signaled(signal)
        }
    }
}

extension WorkerProgram {
    static var environment: Environment {
        // libmongoc would keep counters in /dev/shm, where a killed worker leaves them.
        let quiet = Environment.inherit.updating(["MONGOC_DISABLE_SHM": "1"])
        // A crash ends a worker at once: Swift's backtraces take seconds, for which the clip would wait. Who wants them
        // sets the variable.
        let isSet = ProcessInfo.processInfo.environment["SWIFT_BACKTRACE"] != nil
        return isSet ? quiet : quiet.updating(["SWIFT_BACKTRACE": "enable=no"])
    }
}

extension WorkerProgram.End {
    /// The kind of end, for metrics.
    var reason: String {
        switch self {
        case .finished: "finished"
        case .failed: "failed"
        case .signaled(SIGKILL), .signaled(SIGTERM): "killed"
        case .signaled(SIGXCPU): "processor_time"
        case .signaled: "crashed"
        case .tooLarge: "memory"
        }
    }

    /// All kinds of ends.
    static let reasons = ["finished", "failed", "killed", "processor_time", "crashed", "memory"]

    /// What speaks against the work item that the worker was at; `nil` when nothing does.
    ///
    /// SIGKILL comes from outside, from a person or from the kernel when memory runs out, and does not speak against
    /// the work item; other signals and the memory limit are the work item's own doing.
    var error: JobError? {
        switch self {
        case .finished, .failed, .signaled(SIGKILL), .signaled(SIGTERM):
            return nil
        case .signaled(SIGXCPU):
            return JobError(code: 500, message: "The worker process used its processor time without getting on.")
        case .signaled(let signal):
            let name = unsafe String(cString: strsignal(signal))
            return JobError(code: 500, message: "The worker process ended with signal \(signal) (\(name)).")
        case .tooLarge(let byteCount):
            let message = "The worker process used \(byteCount >> 20) MB of memory, more than [Worker] memory_limit_mb."
            return JobError(code: 507, message: message)
        }
    }
}
