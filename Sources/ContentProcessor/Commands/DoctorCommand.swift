import Domain
import ArgumentParser
import Bootstrap
import FoundationEssentials
import ServiceConfiguration

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look whether everything is there that the service needs, and say what to do.",
        discussion: """
            Prints a line for each thing: ok, warning or failed, what was seen and, after an arrow, what to do. Writes and \
            removes one small object and one small clip, and makes indexes that are missing, as every start does. Run it \
            as the service's user, on each machine. Ends with status 1 when anything failed.
            """)

    @OptionGroup var configurationOption: ConfigurationOption

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let report = DoctorReport(await self.diagnostics())
        if self.json {
            let encoder = JSONEncoder.forRecords
            encoder.outputFormatting.insert(.prettyPrinted)
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
        } else {
            print(report.lines.joined(separator: "\n"))
        }
        if report.status == .failed { throw ExitCode.failure }
    }

    private func diagnostics() async -> [Diagnostic] {
        do throws(ConfigurationError) {
            return await Diagnostics(try self.configurationOption.read(), file: self.configurationOption.file)
                .diagnostics()
        } catch {
            return [ConfigurationCheck.diagnostic(error)]
        }
    }
}

/// All diagnostics, and the worst of them.
struct DoctorReport: Encodable {
    let status: Diagnostic.Status
    let checks: [Diagnostic]

    init(_ diagnostics: [Diagnostic]) {
        let statuses = Set(diagnostics.map(\.status))
        self.status = statuses.contains(.failed) ? .failed : statuses.contains(.warning) ? .warning : .ok
        self.checks = diagnostics
    }

    /// One for each diagnostic.
    var lines: [String] {
        let width = self.checks.map(\.name.count).max() ?? 0
        return self.checks.map { diagnostic in
            let advice = diagnostic.advice.map { " → \($0)" } ?? ""
            // What others say may have several lines.
            let seen = diagnostic.seen.split(whereSeparator: \.isNewline).joined(separator: " ")
            return
                "\(Self.padded(diagnostic.status.rawValue, to: 9))\(Self.padded(diagnostic.name, to: width + 2))\(seen)\(advice)"
        }
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
