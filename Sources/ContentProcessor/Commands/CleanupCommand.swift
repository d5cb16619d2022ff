import ArgumentParser
import Bootstrap
import ContentPipeline

struct CleanupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cleanup", abstract: "Remove what [Retention] says is old enough, once; serve does it every hour.",
        discussion: """
            Prints a line for each source video, work file and finished job that goes. Nothing goes that unfinished work \
            needs, and with the default settings nothing goes at all.
            """)

    @OptionGroup var configuration: ConfigurationOption

    @Flag(help: "Only print what would be done.")
    var dryRun = false

    func run() async throws {
        let dependencies = try ServiceDependencies(configuration: try self.configuration.load(), role: "cleanup")
        let failureCount = try await ErrorLine.ending {
            let steps = try await dependencies.retention.steps()
            for step in steps { print(step) }
            if steps.isEmpty { print("There is nothing to remove.") }
            return self.dryRun ? 0 : try await dependencies.retention.perform(steps)
        }
        if failureCount > 0 { throw ExitCode.failure }
    }
}
