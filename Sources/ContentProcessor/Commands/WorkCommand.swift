import ArgumentParser
import ServiceLifecycle

struct WorkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work", abstract: "Take work from the queue, one unit at a time, until stopped.")

    @OptionGroup var configuration: ConfigurationOption

    @Option(help: ArgumentHelp("The worker's name, unlike any other worker's.", visibility: .hidden))
    var owner: String?

    @Flag(help: ArgumentHelp("End when the process that started this one ends.", visibility: .hidden))
    var supervised = false

    func run() async throws {
        let parts = try Parts(configuration: try self.configuration.load(), role: "work")
        let owner = self.owner ?? WorkerName.make()
        try await makeWorker(parts, owner: owner, isSupervised: self.supervised).run()
    }
}
