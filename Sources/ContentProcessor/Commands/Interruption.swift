import ArgumentParser
import UnixSignals

/// Lets Ctrl-C and SIGTERM end a command after it has tidied up.
enum Interruption {
    private enum End<Result: Sendable>: Sendable {
        case done(Result)
        case interrupted(UnixSignal)
    }

    /// Runs `body` until it ends; a signal cancels it, waits for it, and ends the program as that signal would.
    static func heeding<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return try await withThrowingTaskGroup(of: End<Result>?.self) { group in
            group.addTask { .done(try await body()) }
            group.addTask {
                for await signal in signals { return .interrupted(signal) }
                return nil
            }
            defer { group.cancelAll() }
            while let end = try await group.next() {
                switch end {
                case .done(let result): return result
                case .interrupted(let signal):
                    group.cancelAll()
                    try? await group.waitForAll()  // It ends with the cancellation that was asked for.
                    StandardError.write("content-processor: cancelled")
                    // The shell's convention for a program that a signal ended.
                    throw ExitCode(128 + signal.rawValue)
                case nil: continue
                }
            }
            throw CancellationError()
        }
    }
}
