package import FoundationEssentials

/// One clip as work for annotators, as it is before it belongs to an upload: all that an ``AnnotationTask`` says but
/// its ids.
///
/// Field names follow the contract, misspellings included.
package struct ClipTask: Codable, Hashable, Sendable {
    /// `task-<n>-<videoName>`, n from 0.
    package let name: String
    /// The source's file name up to its first dot.
    package let videoName: String

    /// Source frame numbers, from 1, of the clip's first and last frame.
    package let frameStart: Int
    package let frameEnd: Int
    /// Presentation time of the first frame, in seconds from the source's first frame.
    package let frameStartTime: Double
    package let frameCount: Int
    /// Source frame number, from 1, of every clip frame.
    package let originalFrames: [Int]
    /// Presentation time of every clip frame, in seconds from the source's first frame.
    package let frameTimes: [Double]
    /// Frames that show the last good picture because their own would not decode.
    package let damagedFrames: Int

    /// Frames per second of the clip.
    package let frameRate: Int
    /// Mean frames per second of the source; the requested rate for a single frame.
    package let sourceFrameRate: Double
    /// `H:MM:SS`.
    package let duration: String
    /// What the front end expects: 24 / frame rate.
    package let skipFrameCount: Double

    /// The displayed picture in pixels, without padding.
    package let width: Int
    package let height: Int
    /// The encoded clip in pixels, with its padding.
    package let paddedWidth: Int
    package let paddedHeight: Int

    /// The clip's object key; the contract has it twice.
    package let videoPath: String
    package let objectKey: String

    package let status: Int
    package let completedFrames: Int
    package let taskStatus: TaskStatus
    package let auditStatus: AuditStatus
    package let createdAt: Date
    package let autoAnnotationVersion: Int
    package let datasetVersions: [ObjectID]
    /// Of each frame, where the upload has images; absent where it is a video.
    package let images: [TaskImage]?
    /// Files of the upload that are in none of its tasks, the first ones by name; absent where there are none.
    package let skippedFiles: [SkippedFiles.File]?
    /// How many there are in all.
    package let skippedFileCount: Int?

    private enum CodingKeys: String, CodingKey {
        case name = "taskName"
        case videoName
        case frameStart, frameEnd, frameStartTime, frameCount
        case originalFrames = "original_frames"
        case frameTimes, damagedFrames
        case frameRate
        case sourceFrameRate = "Originalframerate"
        case duration = "videoDuration"
        case skipFrameCount
        case width = "videoResolutionWidth"
        case height = "videoResolutionHeight"
        case paddedWidth, paddedHeight
        case videoPath
        case objectKey = "S3_url"
        case status, completedFrames, taskStatus, auditStatus, createdAt
        case autoAnnotationVersion = "AutoAnnotationVersion"
        case datasetVersions, images, skippedFiles, skippedFileCount
    }
}

/// How far people are with a task.
package enum TaskStatus: Int, Codable, Sendable {
    case notStarted = 0
    case inProgress = 1
    case completed = 2
}

/// What the audit says of a task.
package enum AuditStatus: Int, Codable, Sendable {
    case pending = 0
    case accepted = 1
    case rejected = 2
    case fixed = 3
    case fixing = 4
    case completed = 5
}

/// What was learnt by encoding one clip, as its task records it.
package struct ClipFacts: Hashable, Sendable {
    /// The clip's object key.
    package let objectKey: String
    /// The displayed picture in pixels.
    package let width: Int
    package let height: Int
    /// The encoded picture in pixels.
    package let paddedWidth: Int
    package let paddedHeight: Int
    package let damagedFrames: Int
    /// The version whose boxes the frames carry; 0 for none.
    package let annotationVersion: Int
    /// The image of each frame, where the upload has images.
    package let images: [TaskImage]?
    /// Files of the upload that are in none of its tasks.
    package let skippedFiles: SkippedFiles?

    package init(
        objectKey: String, width: Int, height: Int, paddedWidth: Int, paddedHeight: Int, damagedFrames: Int,
        annotationVersion: Int = 0, images: [TaskImage]? = nil, skippedFiles: SkippedFiles? = nil
    ) {
        self.objectKey = objectKey
        self.width = width
        self.height = height
        self.paddedWidth = paddedWidth
        self.paddedHeight = paddedHeight
        self.damagedFrames = damagedFrames
        self.annotationVersion = annotationVersion
        self.images = images
        self.skippedFiles = skippedFiles
    }
}

extension ClipTask {
    /// The new task of one encoded clip.
    ///
    /// - Parameters:
    ///   - videoName: of the source.
    ///   - clip: gives the frames; its positions lie in `timeline`.
    ///   - createdAt: when the task becomes visible.
    package init(
        videoName: VideoName, clip: ClipPlan, timeline: FrameTimeline, facts: ClipFacts, createdAt: Date
    ) {
        let numbers = clip.frameNumbers
        let times = clip.positions.map { timeline.seconds(at: Int($0)) }
        self.name = videoName.taskName(ofClip: clip.index)
        self.videoName = videoName.text
        self.frameStart = numbers.first ?? 1
        self.frameEnd = numbers.last ?? 1
        self.frameStartTime = times.first ?? 0
        self.frameCount = clip.frameCount
        self.originalFrames = numbers
        self.frameTimes = times
        self.damagedFrames = facts.damagedFrames
        self.frameRate = clip.frameRate
        self.sourceFrameRate = timeline.meanFrameRate ?? Double(clip.frameRate)
        self.duration = Self.durationText(seconds: clip.frameCount / clip.frameRate)
        self.skipFrameCount = 24.0 / Double(clip.frameRate)
        self.width = facts.width
        self.height = facts.height
        self.paddedWidth = facts.paddedWidth
        self.paddedHeight = facts.paddedHeight
        self.videoPath = facts.objectKey
        self.objectKey = facts.objectKey
        self.status = 0
        self.completedFrames = 0
        self.taskStatus = .notStarted
        self.auditStatus = .pending
        self.createdAt = createdAt
        self.autoAnnotationVersion = facts.annotationVersion
        self.datasetVersions = []
        self.images = facts.images
        let skipped = facts.skippedFiles.flatMap { $0.count > 0 ? $0 : nil }
        self.skippedFiles = skipped?.files
        self.skippedFileCount = skipped?.count
    }

    /// Whole seconds as `H:MM:SS`.
    package static func durationText(seconds: Int) -> String {
        func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(seconds / 3600):\(twoDigits(seconds / 60 % 60)):\(twoDigits(seconds % 60))"
    }
}
