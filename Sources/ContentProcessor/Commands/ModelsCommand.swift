import ArgumentParser

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Register, list and remove auto-annotation versions.",
        subcommands: [ModelsAddCommand.self, ModelsListCommand.self, ModelsShowCommand.self, ModelsRemoveCommand.self])
}
