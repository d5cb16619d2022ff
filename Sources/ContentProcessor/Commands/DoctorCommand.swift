import Annotation
import ArgumentParser
import CommandSupport
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
        let report = DoctorReport(await self.findings())
        if self.json {
            let encoder = JSONEncoder.forRecords
            encoder.outputFormatting.insert(.prettyPrinted)
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
        } else {
            print(report.lines.joined(separator: "\n"))
        }
        if report.status == .failed { throw ExitCode.failure }
    }

    private func findings() async -> [Finding] {
        do throws(ConfigurationError) {
            return await Checkup(try self.configurationOption.read(), file: self.configurationOption.file).findings()
        } catch {
            return [ConfigurationCheck.finding(error)]
        }
    }
}

/// All findings, and the worst of them.
struct DoctorReport: Encodable {
    let status: Finding.Status
    let checks: [Finding]

    init(_ findings: [Finding]) {
        let statuses = Set(findings.map(\.status))
        self.status = statuses.contains(.failed) ? .failed : statuses.contains(.warning) ? .warning : .ok
        self.checks = findings
    }

    /// One for each finding.
    var lines: [String] {
        let width = self.checks.map(\.name.count).max() ?? 0
        return self.checks.map { finding in
            let advice = finding.advice.map { " → \($0)" } ?? ""
            // What others say may have several lines.
            let seen = finding.seen.split(whereSeparator: \.isNewline).joined(separator: " ")
            return
                "\(Self.padded(finding.status.rawValue, to: 9))\(Self.padded(finding.name, to: width + 2))\(seen)\(advice)"
        }
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
