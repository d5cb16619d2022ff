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
        do { return try self.read() } catch { throw ValidationError.ended("\(error)") }
    }

    /// The same for a command that tells about a mistake itself.
    package func read() throws(ConfigurationError) -> Configuration {
        let configuration = try Configuration.load(
            path: self.path, environment: ProcessInfo.processInfo.environment,
            workingDirectory: FileManager.default.currentDirectoryPath)
        try configuration.augmentation.checkNames(in: self.file ?? "environment")
        return configuration
    }

    /// The file that is read; `nil` where there is none, so that everything has its default.
    package var file: String? {
        self.path
            ?? (FileManager.default.fileExists(atPath: Configuration.defaultFileName)
                ? Configuration.defaultFileName : nil)
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
