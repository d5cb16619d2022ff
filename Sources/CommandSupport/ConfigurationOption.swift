package import ArgumentParser
internal import FoundationEssentials
package import ServiceConfiguration

/// `--config`, which every command has.
package struct ConfigurationOption: ParsableArguments {
    @Option(name: .customLong("config"), help: "The configuration file (default: config.cfg where it exists).")
    package var path: String?

    package init() {}

    /// Reads the configuration; a mistake ends the program with one line on standard error.
    package func load() throws -> Configuration {
        do {
            return try Configuration.load(
                path: self.path, environment: ProcessInfo.processInfo.environment,
                workingDirectory: FileManager.default.currentDirectoryPath)
        } catch {
            throw ValidationError.ended("\(error)")
        }
    }
}

extension ValidationError {
    /// Prints one line, without the usage text that ArgumentParser adds to errors of its own, and ends with status 78
    /// (`EX_CONFIG` of sysexits.h).
    package static func ended(_ line: String) -> ExitCode {
        StandardError.write(line)
        return ExitCode(78)
    }
}
