import ArgumentParser
import Bootstrap
import ContentPipeline
import Domain
import FoundationEssentials

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Register, list and remove auto-annotation versions.",
        subcommands: [ModelsAddCommand.self, ModelsListCommand.self, ModelsShowCommand.self, ModelsRemoveCommand.self])
}

struct ModelsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List every version.")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var configurationOption: ConfigurationOption

    func run() async throws {
        let dependencies = try ServiceDependencies(configuration: try self.configurationOption.load(), role: "models")
        let views = try await ErrorLine.ending { try await dependencies.annotators.entries().map(AnnotatorView.init) }
        if self.json {
            print(String(decoding: try JSONEncoder.forRecords.encode(views), as: UTF8.self))
        } else {
            for view in views { print(view.line) }
        }
    }
}

struct ModelsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one version as JSON.")

    @Argument(help: "The version.")
    var version: Int

    @OptionGroup var configurationOption: ConfigurationOption

    func run() async throws {
        let dependencies = try ServiceDependencies(configuration: try self.configurationOption.load(), role: "models")
        let view = try await ErrorLine.ending {
            // Names the versions that there are when this one is none of them.
            _ = try await dependencies.annotators.version(self.version)
            return try await dependencies.annotators.entry(self.version).map(AnnotatorView.init)
        }
        let encoder = JSONEncoder.forRecords
        encoder.outputFormatting.insert(.prettyPrinted)
        print(String(decoding: try encoder.encode(view), as: UTF8.self))
    }
}

struct ModelsRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget a version that no job has used.")

    @Argument(help: "The version.")
    var version: Int

    @OptionGroup var configurationOption: ConfigurationOption

    func run() async throws {
        let dependencies = try ServiceDependencies(configuration: try self.configurationOption.load(), role: "models")
        try await ErrorLine.ending { try await dependencies.annotators.remove(self.version) }
        print("Removed version \(self.version).")
    }
}
