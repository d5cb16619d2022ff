package import Domain
package import FrameKit

/// What the pipeline is told by the configuration.
package struct PipelineSettings: Sendable {
    package let folders: Folders
    package let content: ContentRules
    package let encoding: EncodingSettings
    package let lease: Duration
    package let attempts: AttemptPolicy
    /// Queued jobs beyond which new requests are refused.
    package let queueLimit: Int
    package let annotation: AnnotationSettings
    /// Start of the keys at which sources lie for workers without the content folder; `nil` shares none.
    package let sourcePrefix: String?

    package init(
        folders: Folders, content: ContentRules, encoding: EncodingSettings, lease: Duration,
        attempts: AttemptPolicy, queueLimit: Int, annotation: AnnotationSettings, sourcePrefix: String? = nil
    ) {
        self.folders = folders
        self.content = content
        self.encoding = encoding
        self.lease = lease
        self.attempts = attempts
        self.queueLimit = queueLimit
        self.annotation = annotation
        self.sourcePrefix = sourcePrefix
    }

    /// Absolute paths.
    package struct Folders: Sendable {
        /// Where relative content paths start.
        package let root: String
        /// The folder that all content lies below.
        package let contentBase: String
        /// For temporary files.
        package let work: String

        package init(root: String, contentBase: String, work: String) {
            self.root = root
            self.contentBase = contentBase
            self.work = work
        }
    }

    /// What content is accepted.
    package struct ContentRules: Sendable {
        /// Lower case, without dots.
        package let allowedExtensions: [String]
        package let maxFileByteCount: Int64
        package let limits: MediaLimits
        /// Frames in a clip where the upload does not say.
        package let framesPerTask: Int
        /// Whether `force_write=1` may delete what people made.
        package let forceWriteDiscardsHumanWork: Bool

        package init(
            allowedExtensions: [String], maxFileByteCount: Int64, limits: MediaLimits, framesPerTask: Int,
            forceWriteDiscardsHumanWork: Bool
        ) {
            self.allowedExtensions = allowedExtensions
            self.maxFileByteCount = maxFileByteCount
            self.limits = limits
            self.framesPerTask = framesPerTask
            self.forceWriteDiscardsHumanWork = forceWriteDiscardsHumanWork
        }
    }
}
