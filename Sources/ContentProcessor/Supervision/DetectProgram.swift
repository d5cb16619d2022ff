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
    /// What grows whenever the process gets on: the run's journal.
    let journal: String

    /// Runs to the end; what is to be said is said by the process.
    ///
    /// - Returns: the status to end with.
    func run() async throws -> ExitCode {
        var flags = ["--supervisor", "\(getpid())"]
        var rest = Array(self.arguments.dropFirst())
        var crashes = CrashCount()
        while true {
            let status = try await self.runOnce(Array(self.arguments.prefix(1)) + flags + rest)
            guard case .signaled(let signal) = status, ![SIGINT, SIGTERM].contains(signal) else {
                return Self.exitCode(status)
            }
            // A process that does not heed the cancellation is killed.
            try Task.checkCancellation()
            let name = unsafe String(cString: strsignal(signal))
            guard crashes.add(journalByteCount: self.journalByteCount) else {
                StandardError.write(
                    "content-processor: the program ended \(crashes.count) times, now with signal \(signal) (\(name)), "
                        + "and does not get on; --resume tries again.")
                return .failure
            }
            StandardError.write("\nthe program ended with signal \(signal) (\(name)) and begins again where it was")
            flags = ["--supervisor", "\(getpid())", "--after-crash"]
            rest.removeAll { $0 == "--force" || $0 == "--resume" }
        }
    }

    private var journalByteCount: Int? {
        // try?: no journal is no progress.
        let attributes = try? FileManager.default.attributesOfItem(atPath: self.journal)
        return attributes?[.size] as? Int
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

/// Ends of a process by itself, and whether it is worth beginning again.
struct CrashCount: Hashable, Sendable {
    private(set) var count = 0
    private var journalByteCount: Int?

    /// Ends that are taken for the doing of photos, at most: then something else must be wrong.
    private static let limit = 50

    /// Counts one more.
    ///
    /// - Parameter journalByteCount: `nil` where there is no journal.
    /// - Returns: whether to begin again: not when nothing was done since the last time.
    mutating func add(journalByteCount: Int?) -> Bool {
        let isStuck = self.count > 0 && journalByteCount == self.journalByteCount
        self.count += 1
        self.journalByteCount = journalByteCount
        return !isStuck && self.count < Self.limit
    }
}
