import ArgumentParser
import AutoAnnotation
import BatchDetection
import Bootstrap
import ContentPipeline
import Domain
import FoundationEssentials
import Glibc
import MongoStore
import ServiceConfiguration

struct DetectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect", abstract: "Find objects in photos and write a report, without any server.",
        discussion: """
            Takes folders, zip archives and single JPEG, PNG and WebP files. The report is a zip archive with an Excel \
            workbook, CSV tables, md_results.json for Timelapse, photos and pictures with boxes. A photo that cannot be \
            read is a row of the report. A run that was interrupted goes on with --resume and gives the same report.
            """)

    @Argument(help: ArgumentHelp("Folders, zip archives and photos.", valueName: "path"))
    var paths: [String]

    @Option(name: .customLong("version"), help: "The auto-annotation version that looks at the photos.")
    var annotatorVersion: Int

    @Option(help: "The least confidence of a box, 0 to 1 (default: the version's own, which is also the least).")
    var confidence: Double?

    @Option(help: ArgumentHelp("Where the report goes.", valueName: "file"))
    var output = "results.zip"

    @Option(help: "Which photos lie in the report: detected, all or none.")
    var includeImages = ImageInclusion.detected

    @Flag(help: "Continue an earlier run for the same output that was not completed.")
    var resume = false

    @Flag(help: "Begin anew, and replace the output if it exists.")
    var force = false

    @Option(help: .hidden)
    var supervisor: Int32?

    @Flag(help: .hidden)
    var afterCrash = false

    @OptionGroup var configurationOption: ConfigurationOption

    func validate() throws {
        guard !self.paths.isEmpty else { throw ValidationError("Name a folder, a zip archive or a photo.") }
        guard (0...1).contains(self.confidence ?? 0) else { throw ValidationError("--confidence must be from 0 to 1.") }
        guard !self.output.isEmpty, !self.output.hasSuffix("/") else {
            throw ValidationError("--output must name a file.")
        }
        guard !(self.resume && self.force) else { throw ValidationError("Give either --resume or --force.") }
    }

    /// The work is done in a process of its own, which a damaged photo may end.
    func run() async throws {
        // Whoever reads what is said may go away; the report is wanted all the same.
        signal(SIGPIPE, SIG_IGN)
        guard let supervisor else {
            let program = DetectProgram(
                arguments: Array(CommandLine.arguments.dropFirst()),
                journal: DetectionRun.journal(for: self.output))
            do {
                throw try await Interruption.heeding { try await program.run() }
            } catch let interruption as Interruption {
                throw interruption.status
            }
        }
        try await self.detect(supervisor: supervisor)
    }

    private func detect(supervisor: Int32) async throws {
        let configuration = try self.configurationOption.load()
        let dependencies = try ServiceDependencies(configuration: configuration, role: "detect")
        let display = PhotoProgressDisplay()
        let counts = try await ErrorLine.ending {
            defer { display.end() }
            return try await Interruption.heeding {
                try await ParentWatch.whileRunning(supervisor) {
                    try await self.makeRun(dependencies).run(self.start, display.show)
                }
            }
        }
        print(
            "Looked at \(Wording.count(counts.found, "photo")): \(Wording.count(counts.boxes, "box", plural: "boxes")) in "
                + "\(counts.withDetections), \(counts.failed) failed. The report is \(self.output).")
    }

    private var start: DetectionRun.Start {
        if self.afterCrash { return .resumeAfterCrash }
        return self.force ? .replace : self.resume ? .resume : .fresh
    }

    private func version(in annotators: AnnotatorRegistry) async throws -> AnnotatorVersion {
        do {
            return try await annotators.version(self.annotatorVersion)
        } catch let error as StoreError {
            throw BatchError(
                "Auto-annotation version \(self.annotatorVersion) does not stand in the configuration, and the database "
                    + "where it may be registered cannot be asked: \(error)")
        }
    }

    private func makeRun(_ dependencies: ServiceDependencies) async throws -> DetectionRun {
        let collection = try PhotoCollection(paths: self.paths)
        let version = try await self.version(in: dependencies.annotators)
        guard version.meaning.engine != .motion else {
            throw BatchError(
                "Version \(version.number) finds what moves in a video; photos need a version with a model.")
        }
        let confidence = self.confidence ?? version.meaning.confidence
        guard confidence >= version.meaning.confidence else {
            throw BatchError(
                "Version \(version.number) keeps boxes of confidence \(Wording.decimal(version.meaning.confidence)) and "
                    + "more; --confidence can only raise that.")
        }
        let loader = AnnotatorLoader(
            registry: dependencies.annotators, store: dependencies.store, transport: dependencies.transport,
            settings: dependencies.settings)
        let annotator = try await loader.load(version)
        let rules = annotator.rules
        return DetectionRun(
            collection,
            PhotoDetector(
                annotator.engine,
                rules: ClipAnnotator.Rules(
                    labels: rules.labels, confidence: confidence, overlap: rules.overlap, tracks: false)),
            about: ReportAbout(version: annotator.version, confidence: confidence, inclusion: self.includeImages),
            limits: PhotoCollection.mediaLimits, output: self.output,
            decoderCount: dependencies.configuration.cores.usedCoreCount)
    }
}

extension ImageInclusion: ExpressibleByArgument {}
