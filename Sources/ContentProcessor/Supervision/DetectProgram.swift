import ArgumentParser
import Bootstrap
import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// `detect` run again in a process of its own, which a damaged photo may end: the run goes on without that photo.
struct DetectProgram: Sendable {
    /// Those of this process, from the name of the command on.
    let arguments: [String]

    /// Ends of the process that are taken for a photo's doing, at most: then something else must be wrong.
    private static let crashLimit = 50

    /// Runs to the end; what is to be said is said by the process.
    ///
    /// - Returns: the status to end with.
    func run() async throws -> ExitCode {
        var flags = ["--supervisor", "\(getpid())"]
        var rest = Array(self.arguments.dropFirst())
        for crash in 0... {
            let status = try await self.runOnce(Array(self.arguments.prefix(1)) + flags + rest)
            guard case .signaled(let signal) = status, ![SIGINT, SIGTERM].contains(signal) else {
                return Self.exitCode(status)
            }
            // A process that does not heed the cancellation is killed.
            try Task.checkCancellation()
            let name = unsafe String(cString: strsignal(signal))
            guard crash < Self.crashLimit else {
                StandardError.write(
                    "content-processor: the program ended \(crash) times with signal \(signal) (\(name))")
                return .failure
            }
            StandardError.write("\nthe program ended with signal \(signal) (\(name)) and begins again where it was")
            flags = ["--supervisor", "\(getpid())", "--after-crash"]
            rest.removeAll { $0 == "--force" || $0 == "--resume" }
        }
        return .failure
    }

    private func runOnce(_ arguments: [String]) async throws -> TerminationStatus {
        var options = PlatformOptions()
        options.teardownSequence = [
            .send(signal: .interrupt, allowedDurationToNextStep: .seconds(10))
        ]
        return try await Subprocess.run(
            .path("/proc/self/exe"),
            arguments: Arguments(executablePathOverride: "content-processor", remainingValues: arguments),
            environment: WorkerProgram.environment, platformOptions: options, input: .none,
            output: .currentStandardOutput, error: .currentStandardError
        ).terminationStatus
    }

    private static func exitCode(_ status: TerminationStatus) -> ExitCode {
        switch status {
        case .exited(let status): ExitCode(status)
        case .signaled(let signal): ExitCode(128 + signal)
        }
    }
}
