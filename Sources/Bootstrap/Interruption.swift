package import ArgumentParser
internal import UnixSignals

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
            // Whichever of the two is first, the end of the body or a signal, cancels the other, and this waits for it.
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
