internal import Annotation
internal import FrameKit

/// A source with all that its clips are made from.
struct OpenSource: Sendable {
    let file: SourceFile
    let index: MediaIndex
    let plan: SamplingPlan
    let maker: ClipMaker
    private let settings: PipelineSettings

    /// Reads all packets of `file` and plans its clips.
    init(
        indexing file: SourceFile, frameRate: Int, framesPerTask: Int, settings: PipelineSettings
    ) async throws(MediaError) {
        let index = try await MediaIndex.build(of: file, limits: settings.content.limits)
        self.file = file
        self.index = index
        self.plan = SamplingPlan(sampling: index.timeline, frameRate: frameRate, framesPerClip: framesPerTask)
        self.maker = ClipMaker(file, index, settings)
        self.settings = settings
    }

    /// A maker like ``maker`` with a decoder of its own, to make clips side by side.
    func anotherMaker() -> ClipMaker { ClipMaker(self.file, self.index, self.settings) }

    var summary: PlanSummary {
        PlanSummary(
            pieceCount: self.plan.clipCount, frameCount: self.plan.kept.count,
            sourceFrameCount: self.index.timeline.frameCount)
    }
}

extension ClipMaker {
    fileprivate init(_ file: SourceFile, _ index: MediaIndex, _ settings: PipelineSettings) {
        self.init(source: file, index: index, settings: settings.encoding, limits: settings.content.limits)
    }
}
