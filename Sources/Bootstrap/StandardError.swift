package import ArgumentParser
import Glibc
internal import UnixSignals

/// Lines for the person at the terminal; the log goes there, too.
package enum StandardError {
    package static func write(_ line: String, terminator: String = "\n") {
        let bytes = Array("\(line)\(terminator)".utf8)
        // A closed terminal is no reason to fail.
        _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }

    /// Characters in a line of the terminal; `nil` where there is none.
    package static var columnCount: Int? {
        guard isatty(STDERR_FILENO) == 1 else { return nil }
        var size = winsize()
        let status = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
        return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }
}

/// Ctrl-C or SIGTERM ended a command, which has tidied up.
package struct Interruption: Error {
    private let signal: UnixSignal

    /// The shell's convention for a program that a signal ended.
    package var status: ExitCode { ExitCode(128 + self.signal.rawValue) }

    /// Runs `body` until it ends; a signal cancels it, waits for its end and throws ``Interruption``.
    package static func heeding<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await signal in signals { throw Interruption(signal: signal) }
                // The sequence ends only with this task, when the body is done.
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}
