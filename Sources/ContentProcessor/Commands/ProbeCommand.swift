import Domain
import ArgumentParser
import Bootstrap
import ContentPipeline
import FoundationEssentials

struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Tell what a video is, what would be kept of it, and what is wrong with it.",
        discussion: """
            Reads the file's packets and decodes none of them: whether a frame decodes shows only when its clip is made.
            """)

    @OptionGroup var local: LocalOptions

    @Option(help: "Frames to keep per second, 1 to 240: shows which frames and clips that gives.")
    var rate: Int?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws { if let rate { try LocalOptions.check(rate: rate) } }

    func run() async throws {
        let settings = PipelineSettings(try self.local.configuration.load())
        let report = try await ErrorLine.ending {
            try await ProbeReport.read(
                self.local.file, frameRate: self.rate,
                framesPerTask: self.local.framesPerTask ?? settings.content.framesPerTask, settings: settings)
        }
        if self.json {
            let encoder = JSONEncoder.forRecords
            encoder.outputFormatting.insert(.prettyPrinted)
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
        } else {
            print(ProbeText(report).lines.joined(separator: "\n"))
        }
    }
}
