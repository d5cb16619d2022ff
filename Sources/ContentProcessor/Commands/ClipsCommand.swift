import Domain
import ArgumentParser
import Bootstrap
import ContentPipeline
import ServiceConfiguration

struct ClipsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clips", abstract: "Make the task clips of a video in a directory, without any server.",
        discussion: """
            Writes task-<n>-<video>.mp4 for each task, as the service would store it, and last tasks.json with the fields \
            of the task documents. A file appears under its name only when it is complete. On failure and on Ctrl-C the \
            clips made so far are removed.
            """)

    @OptionGroup var local: LocalOptions

    @Option(help: "Frames to keep per second, 1 to 240.")
    var rate: Int

    @Option(help: ArgumentHelp("Where the clips go; made where there is none.", valueName: "directory"))
    var output: String

    @Option(help: "Clips that are made side by side (default: what keeps [Cores] cpu_cores busy).")
    var workers: Int?

    @Flag(help: "Replace what an earlier run made of this video in the directory.")
    var force = false

    func validate() throws {
        try LocalOptions.check(rate: self.rate)
        guard self.workers ?? 1 > 0 else { throw ValidationError("--workers must be at least 1.") }
        guard !self.output.isEmpty else { throw ValidationError("--output must name a directory.") }
    }

    func run() async throws {
        let configuration = try self.local.configuration.load()
        let settings = PipelineSettings(configuration)
        let run = LocalRun(
            source: LocalSource(
                path: self.local.file, frameRate: self.rate,
                framesPerTask: self.local.framesPerTask ?? settings.content.framesPerTask),
            directory: self.output, producerCount: self.workers, coreCount: configuration.cores.usedCoreCount,
            replacesFiles: self.force, settings: settings)
        let display = ProgressDisplay()
        let outcome = try await ErrorLine.ending {
            defer { display.end() }
            return try await Interruption.heeding { try await run.run(display.show) }
        }
        print(Self.summary(outcome, directory: self.output))
    }

    private static func summary(_ outcome: LocalRun.Outcome, directory: String) -> String {
        let clips = Wording.count(outcome.plan.partCount, "clip")
        let frames = Wording.count(outcome.plan.sourceFrameCount, "frame")
        let damaged = Wording.count(outcome.damagedFrames, "frame")
        let made =
            "Made \(clips) with \(outcome.plan.frameCount) of \(frames), and \(LocalRun.taskFileName), in \(directory)."
        guard outcome.damagedFrames > 0 else { return made }
        return "\(made) Where \(damaged) did not decode, they show the last good one."
    }
}
