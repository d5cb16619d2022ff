import ContentPipeline
import Domain
import FrameKit
import ServiceConfiguration

extension PipelineSettings {
    init(_ configuration: Configuration) {
        let content = configuration.content
        self.init(
            folders: Folders(
                root: configuration.folders.root, contentBase: configuration.folders.contentBase,
                work: configuration.folders.work),
            content: ContentRules(
                allowedExtensions: content.allowedExtensions, maxFileByteCount: content.maximumByteCount,
                limits: MediaLimits(
                    pixelCount: content.maximumPixelCount, duration: content.maximumDuration,
                    streamCount: MediaLimits.standard.streamCount),
                framesPerTask: content.framesPerTask,
                forceWriteDiscardsHumanWork: content.forceWriteDiscardsHumanWork),
            encoding: EncodingSettings(
                preset: EncodingSettings.Preset(configuration.encoding.preset),
                crf: configuration.encoding.crf,
                gopSeconds: configuration.encoding.gopSeconds, deinterlaces: configuration.encoding.deinterlaces),
            lease: configuration.worker.lease,
            attempts: AttemptPolicy(attemptLimit: configuration.worker.attempts),
            queueLimit: configuration.app.queueLimit,
            annotation: AnnotationSettings(configuration),
            sourcePrefix: configuration.sourcePrefix)
    }
}

extension EncodingSettings.Preset {
    /// Both modules name x264's presets, and neither knows the other.
    init(_ preset: EncodingSection.Preset) {
        self = Self(rawValue: preset.rawValue) ?? .veryfast
    }
}
