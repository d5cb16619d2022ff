import Domain
import ArgumentParser
import FrameKit

/// What `scripts/bench` measures and no command of the service does alone: decoding without encoding, and frames that
/// are seconds apart.
@main
struct FrameKitBench: AsyncParsableCommand {
    enum Part: String, ExpressibleByArgument, CaseIterable {
        case decode
        case clips
    }

    static let configuration = CommandConfiguration(
        commandName: "framekit-bench",
        abstract: "Decode the kept frames of a video, or make clips of them, on one thread.")

    @Argument(help: "decode or clips.")
    var part: Part

    @Argument(help: "The video.")
    var file: String

    @Option(help: "Frames to keep per second.")
    var rate: Int

    @Option(help: "Of these frames, use the first of every so many.")
    var oneIn = 1

    @Option(help: "Frames of a clip, at most.")
    var framesPerTask = 120

    @Option(help: ArgumentHelp("Where clips go.", valueName: "directory"))
    var output = "."

    func run() async throws {
        let source = try SourceFile(path: self.file)
        let index = try await MediaIndex.build(of: source)
        let producer = ClipProducer(source: source, index: index)
        var frameCount = 0
        for clip in self.clips(of: index.timeline) {
            switch self.part {
            case .decode: frameCount += try await producer.decode(clip)
            case .clips: frameCount += try await producer.make(clip, at: "\(self.output)/\(clip.index).mp4").frameCount
            }
        }
        print("\(frameCount) frames")
    }

    private func clips(of timeline: FrameTimeline) -> [ClipPlan] {
        let plan = SamplingPlan(
            sampling: timeline, frameRate: self.rate, framesPerClip: self.framesPerTask * self.oneIn)
        return plan.clips.map { clip in
            let positions = clip.positions.enumerated().filter { $0.offset % self.oneIn == 0 }.map(\.element)
            return ClipPlan(index: clip.index, frameRate: clip.frameRate, positions: positions[...])
        }
    }
}
