import ArgumentParser
import FoundationEssentials
import ServiceConfiguration

/// `--config`, which every command has.
struct ConfigurationOption: ParsableArguments {
    @Option(name: .customLong("config"), help: "The configuration file (default: config.cfg where it exists).")
    var path: String?

    /// Reads the configuration; a mistake ends the program with one line on standard error.
    func load() throws -> Configuration {
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
    static func ended(_ line: String) -> ExitCode {
        StandardError.write(line)
        return ExitCode(78)
    }
}
