internal import Annotation
internal import FrameKit

/// A source with all that its clips are made from.
struct OpenSource: Sendable {
    let file: SourceFile
    let index: MediaIndex
    let plan: SamplingPlan
    let producer: ClipProducer
    private let settings: PipelineSettings

    /// Reads all packets of `file` and plans its clips.
    init(
        indexing file: SourceFile, frameRate: Int, framesPerTask: Int, settings: PipelineSettings
    ) async throws(MediaError) {
        let index = try await MediaIndex.build(of: file, limits: settings.content.limits)
        self.file = file
        self.index = index
        self.plan = SamplingPlan(sampling: index.timeline, frameRate: frameRate, framesPerClip: framesPerTask)
        self.producer = ClipProducer(file, index, settings)
        self.settings = settings
    }

    /// A producer like ``producer`` with a decoder of its own, to make clips side by side.
    func anotherProducer() -> ClipProducer { ClipProducer(self.file, self.index, self.settings) }

    var summary: PlanSummary {
        PlanSummary(
            partCount: self.plan.clipCount, frameCount: self.plan.kept.count,
            sourceFrameCount: self.index.timeline.frameCount)
    }
}

extension ClipProducer {
    fileprivate init(_ file: SourceFile, _ index: MediaIndex, _ settings: PipelineSettings) {
        self.init(source: file, index: index, settings: settings.encoding, limits: settings.content.limits)
    }
}
