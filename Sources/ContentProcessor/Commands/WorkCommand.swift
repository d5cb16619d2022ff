import ArgumentParser
import Bootstrap
import ContentPipeline
import JobWorker
import Logging
import ServiceConfiguration

struct WorkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work", abstract: "Take work from the queue, one unit at a time, until stopped.",
        discussion: """
            For further machines: they need the same MongoDB and object store, and either the content folder or \
            [S3] source_prefix. The first SIGTERM lets the units end that are being worked on, a second one puts them back.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Option(help: "Worker processes (default: [Cores] cpu_cores).")
    var workers: Int?

    @Option(help: ArgumentHelp("The worker's name, unlike any other worker's.", visibility: .hidden))
    var owner: String?

    @Option(help: ArgumentHelp("Be one of the worker processes of this process.", visibility: .hidden))
    var supervisor: Int32?

    func validate() throws {
        guard self.workers ?? 1 > 0 else { throw ValidationError("--workers must be at least 1.") }
    }

    func run() async throws {
        let configuration = try self.configuration.load()
        let dependencies = try ServiceDependencies(configuration: configuration, role: "work")
        if let supervisor {
            WorkerProcess.limit(memoryLimitByteCount: configuration.worker.memoryLimitByteCount)
            let owner = self.owner ?? WorkerName.make()
            let lock = self.lock(for: owner, dependencies)
            defer { withExtendedLifetime(lock) {} }
            try await StopSignals.heeding(makeWorker(dependencies, owner: owner, supervisor: supervisor))
        } else {
            let count = self.workers ?? configuration.cores.usedCoreCount
            let group = makeWorkers(dependencies, count: count, configurationPath: self.configuration.path)
            try await StopSignals.heeding(group)
        }
    }

    /// Without a lock, as on a full disk, work continues: the leases of a killed worker then end by themselves.
    private func lock(for owner: String, _ dependencies: ServiceDependencies) -> WorkerLock? {
        do {
            return try WorkerLock(of: owner, in: dependencies.settings.folders.work)
        } catch {
            dependencies.logger.warning("a worker has no lock", metadata: ["owner": "\(owner)", "error": "\(error)"])
            return nil
        }
    }
}
