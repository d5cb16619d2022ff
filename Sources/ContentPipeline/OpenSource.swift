internal import Domain
internal import FrameKit
internal import Glibc
internal import ObjectStore

/// A source with all that its clips are made from.
struct OpenSource: Sendable {
    let file: SourceFile
    let index: MediaIndex
    let plan: SamplingPlan
    let producer: ClipProducer
    private let encoding: EncodingSettings
    private let limits: MediaLimits

    /// Reads all packets of `file` and plans its clips.
    ///
    /// - Parameter deinterlaces: in place of what the settings say.
    init(
        indexing file: SourceFile, frameRate: Int, framesPerTask: Int, settings: PipelineSettings,
        deinterlaces: Bool? = nil
    ) async throws(MediaError) {
        let index = try await MediaIndex.build(of: file, limits: settings.content.limits)
        self.file = file
        self.index = index
        self.plan = SamplingPlan(sampling: index.timeline, frameRate: frameRate, framesPerClip: framesPerTask)
        self.encoding = deinterlaces.map(settings.encoding.deinterlacing) ?? settings.encoding
        self.limits = settings.content.limits
        self.producer = ClipProducer(source: file, index: index, settings: self.encoding, limits: self.limits)
    }

    /// A producer like ``producer`` with a decoder of its own, to make clips side by side.
    func anotherProducer() -> ClipProducer {
        ClipProducer(source: self.file, index: self.index, settings: self.encoding, limits: self.limits)
    }

    var summary: PlanSummary {
        PlanSummary(
            partCount: self.plan.clipCount, frameCount: self.plan.kept.count,
            sourceFrameCount: self.index.timeline.frameCount)
    }
}

extension SourceFile {
    /// SHA-256 of the whole file, through a descriptor of its own that stays open while the bytes are read.
    func sha256() async throws(BlobError) -> String {
        let copy = self.withDescriptor { dup($0) }
        defer { close(copy) }
        return try await ContentDigest.sha256(ofDescriptor: copy)
    }
}

extension JobSource {
    init(_ identity: SourceIdentity, sha256: String) {
        self.init(byteCount: identity.byteCount, modified: identity.modificationTime, sha256: sha256)
    }

    /// Whether the file still looks like the one that the job was planned from.
    func isOf(_ identity: SourceIdentity) -> Bool {
        self.byteCount == identity.byteCount && self.modified == identity.modificationTime
    }
}
