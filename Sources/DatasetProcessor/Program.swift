import Domain
import ArgumentParser
import Bootstrap
import DatasetBuilder
import Failures
import FoundationEssentials
import FrameKit
import Logging
import MongoStore
import ServiceConfiguration

/// The command, joined in this one place.
struct Program: Sendable {
    let options: DatasetOptions
    let configuration: Configuration
    let systems: Stores
    let settings: DatasetSettings
    let logger: Logger

    init(configuration: Configuration, options: DatasetOptions) throws {
        self.options = options
        self.configuration = configuration
        self.settings = DatasetSettings(configuration)
        // A connection for each worker, and one for the display.
        let workerCount = configuration.cores.cpuCoreCount ?? ProcessInfo.processInfo.activeProcessorCount
        self.systems = try Stores(configuration, clientCount: 2 * workerCount + 1, connections: 4 * workerCount)
        var logger = Logger(label: "dataset_processor") { StreamLogHandler.standardError(label: $0) }
        // What happens is told by the command itself.
        logger.logLevel = .critical
        self.logger = logger
    }

    var workerCount: Int {
        self.configuration.cores.cpuCoreCount ?? ProcessInfo.processInfo.activeProcessorCount
    }

    func run() async throws {
        guard let version = self.options.version else { return try await self.buildPending() }
        if self.options.dryRun { return try await self.forecast(version) }
        if self.options.verify { return try await self.verify(version) }
        guard try await self.build(version) else { throw ExitCode.failure }
    }

    private func buildPending() async throws {
        var isComplete = true
        for version in try await self.systems.database.datasets.pending() {
            let isBuilt = try await self.build(version)
            isComplete = isBuilt && isComplete
        }
        guard isComplete else { throw ExitCode.failure }
    }

    /// Builds the version, tells how it went, and says whether it is whole.
    private func build(_ version: ObjectID) async throws -> Bool {
        let build = VersionBuild(program: self, version: version)
        let result = try await build.run()
        for line in result.failures { StandardError.write(line) }
        var exported: [String: Int] = [:]
        if result.isComplete, let output = self.options.output {
            exported = try await self.export(result.job, to: output)
        }
        try Report.print(result, exported: exported, asJSON: self.options.json)
        return result.isComplete
    }

    private func export(_ job: DatasetJob, to folder: String) async throws -> [String: Int] {
        let export = FolderExport(
            database: self.systems.database, store: self.systems.store, settings: self.settings, logger: self.logger)
        let formats = self.options.format?.formats ?? [.yolo]
        var counts: [String: Int] = [:]
        for format in formats {
            counts[format.rawValue] = try await export.write(format, ofJob: job, to: folder)
        }
        return counts
    }

    private func forecast(_ version: ObjectID) async throws {
        let forecast = Forecast(
            database: self.systems.database, store: self.systems.store, settings: self.settings, logger: self.logger)
        let report = try await forecast.run(version, splitUnit: self.options.splitBy)
        try Report.print(report, asJSON: self.options.json)
        guard report.isBuildable else { throw ExitCode.failure }
    }

    private func verify(_ version: ObjectID) async throws {
        let comparison = StoreComparison(
            database: self.systems.database, store: self.systems.store, settings: self.settings, logger: self.logger)
        let report = try await comparison.run(version)
        try Report.print(report, asJSON: self.options.json)
        guard report.isClean else { throw ExitCode.failure }
    }

    /// The sentence for a person, without the names of C calls.
    static func sentence(for error: any Error) -> String {
        switch error {
        case let error as MediaError: error.message
        case let error as WorkFailure:
            error.failure.error?.message ?? "Something else is at work on the version; try again later."
        default: "\(error)"
        }
    }
}
