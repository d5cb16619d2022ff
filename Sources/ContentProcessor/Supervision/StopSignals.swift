import ArgumentParser
import ServiceLifecycle
import UnixSignals

/// What SIGTERM and SIGINT do: the first one stops the services in order, each ending what it is at; a second one stops
/// them at once.
enum StopSignals {
    /// Runs the services until they end.
    ///
    /// - Throws: what a service threw; `ExitCode`, by the shell's convention, after a second signal.
    static func heeding(_ group: ServiceGroup) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                var isStopping = false
                for await signal in signals {
                    if isStopping { throw ExitCode(128 + signal.rawValue) }
                    isStopping = true
                    await group.triggerGracefulShutdown()
                }
            }
            defer { tasks.cancelAll() }
            try await tasks.next()
        }
    }
}
