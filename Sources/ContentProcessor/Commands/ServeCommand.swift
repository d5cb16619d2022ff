import ArgumentParser
import Bootstrap
import CoreMetrics

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the REST API and run the workers of this machine.")

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let dependencies = try ServiceDependencies(configuration: try self.configuration.load(), role: "serve")
        // Libraries count through the system's own factory.
        MetricsSystem.bootstrap(dependencies.metrics)
        try await StopSignals.heeding(try makeService(dependencies, configurationPath: self.configuration.path))
    }
}
