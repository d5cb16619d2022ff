import ArgumentParser
import Bootstrap
import ContentPipeline
import DatasetBuilder
import MongoStore

struct RecoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover", abstract: "Finish what crashes left undone, once; serve does the same all the time.",
        discussion: """
            Prints a line for each thing found. What is only told needs no recovery here: a worker takes it, or a new \
            request must come.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Flag(help: "Only print what would be done.")
    var dryRun = false

    func run() async throws {
        let dependencies = try ServiceDependencies(configuration: try self.configuration.load(), role: "recover")
        let failureCount = try await ErrorLine.ending {
            if !self.dryRun { try await dependencies.database.prepareOnce() }
            let steps = try await dependencies.reconciler.findings()
            for step in steps { print(step) }
            let versions = try await dependencies.database.datasets.pending()
            for version in versions { print("dataset version \(version): asked for and not complete; it is built") }
            if steps.isEmpty && versions.isEmpty { print("There is nothing to recover.") }
            guard !self.dryRun else { return 0 }
            await dependencies.pendingDatasets.takeUp()
            return try await dependencies.reconciler.perform(steps)
        }
        if failureCount > 0 { throw ExitCode.failure }
    }
}
