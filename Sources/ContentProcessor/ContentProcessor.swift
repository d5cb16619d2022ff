import ArgumentParser
import Bootstrap

/// The program `content-processor`.
@main
struct ContentProcessor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "content-processor",
        abstract: "Turns uploaded videos into task clips for annotation.",
        version: ProductVersion.text,
        subcommands: [
            ServeCommand.self, WorkCommand.self, JobsCommand.self, RecoverCommand.self, ProbeCommand.self,
            ClipsCommand.self, DetectCommand.self, ModelsCommand.self, EvaluateCommand.self, DoctorCommand.self,
            CleanupCommand.self,
        ])
}
