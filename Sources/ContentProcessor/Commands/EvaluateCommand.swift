import Domain
import ArgumentParser
import AutoAnnotation
import Bootstrap
import ContentPipeline
import FoundationEssentials

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Tell how well auto-annotation versions find what people labelled.",
        discussion: """
            Takes either videos with a truth file each, or the tasks of a project whose audit people passed. Truth files \
            are JSON Lines, {"frame": 0, "boxes": [{"label", "x", "y", "w", "h"}]}, frames from 0. mAP is COCO's; recall \
            and precision count boxes from the version's own least confidence on.
            """)

    @Option(name: .customLong("version"), help: "An auto-annotation version; may be repeated to compare.")
    var versions: [Int]

    @Option(help: "A truth file; may be repeated.")
    var truth: [String] = []

    @Option(help: "The video of the truth file at the same place (default: the truth file's name with .mp4).")
    var video: [String] = []

    @Option(help: ArgumentHelp("Takes what people accepted in this project for the truth.", valueName: "id"))
    var project: String?

    @Option(help: ArgumentHelp("Writes what a single version finds to this file.", valueName: "file"))
    var predictions: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var configurationOption: ConfigurationOption

    func validate() throws {
        guard !self.versions.isEmpty else { throw ValidationError("--version must name an auto-annotation version.") }
        guard self.truth.isEmpty != (self.project == nil) else {
            throw ValidationError("Give either --truth or --project.")
        }
        guard self.video.isEmpty || self.video.count == self.truth.count else {
            throw ValidationError("Give a --video for each --truth, or none.")
        }
        guard self.predictions == nil || self.versions.count == 1 && self.project == nil else {
            throw ValidationError("--predictions goes with one --version and --truth.")
        }
    }

    func run() async throws {
        let dependencies = try ServiceDependencies(configuration: try self.configurationOption.load(), role: "evaluate")
        let evaluation = VersionEvaluation(
            database: dependencies.database, store: dependencies.store, transport: dependencies.transport,
            settings: dependencies.settings)
        let results = try await ErrorLine.ending {
            let labelled = try self.labelledVideos()
            var results: [VersionEvaluation.Result] = []
            for version in self.versions { results.append(try await self.result(version, labelled, evaluation)) }
            return results
        }
        if self.json {
            let encoder = JSONEncoder.forRecords
            encoder.outputFormatting.insert(.prettyPrinted)
            print(String(decoding: try encoder.encode(results), as: UTF8.self))
        } else {
            print(EvaluationTable(results).lines.joined(separator: "\n"))
        }
    }

    private func result(
        _ version: Int, _ labelled: [LabelledVideo], _ evaluation: VersionEvaluation
    ) async throws -> VersionEvaluation.Result {
        guard let project else {
            return try await evaluation.run(version, on: labelled, predictions: self.predictions)
        }
        guard let id = ObjectID(project) else {
            throw AnnotationFailure.refused("--project must be an ObjectId of 24 hexadecimal digits.")
        }
        return try await evaluation.run(version, onProject: id)
    }

    private func labelledVideos() throws -> [LabelledVideo] {
        try self.truth.enumerated().map { index, file in
            let name = file.hasSuffix(".truth.jsonl") ? String(file.dropLast(12)) : file
            let video = self.video.isEmpty ? "\(name).mp4" : self.video[index]
            return try LabelledVideo(video: video, truthFile: file)
        }
    }
}

/// Results as a table for people.
struct EvaluationTable {
    let lines: [String]

    init(_ results: [VersionEvaluation.Result]) {
        var rows = [["version", "label", "objects", "mAP50", "mAP50-95", "recall", "precision"]]
        for result in results {
            let quality = result.quality
            rows.append([
                "\(result.version)", "all", "\(quality.truthBoxes)", Self.text(quality.map50),
                Self.text(quality.map50To95), Self.text(quality.recall), Self.text(quality.precision),
            ])
            for label in quality.labels {
                rows.append([
                    "", label.label, "\(label.truthBoxes)", Self.text(label.ap50), Self.text(label.ap50To95),
                    Self.text(label.recall), Self.text(label.precision),
                ])
            }
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        self.lines = rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
        }
    }

    /// Three decimals; a dash where there is no number.
    private static func text(_ value: Double?) -> String {
        guard let value else { return "-" }
        let thousandths = Int((value * 1000).rounded())
        let digits = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
