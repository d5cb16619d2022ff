internal import Domain
internal import FrameKit

extension ClipFacts {
    /// What a task records of a finished clip.
    init(
        _ report: ClipReport, objectKey: String, annotationVersion: Int = 0, images: [TaskImage]? = nil,
        skippedFiles: SkippedFiles? = nil
    ) {
        self.init(
            objectKey: objectKey, width: report.width, height: report.height, paddedWidth: report.paddedWidth,
            paddedHeight: report.paddedHeight, damagedFrames: report.damagedFrames,
            annotationVersion: annotationVersion, images: images, skippedFiles: skippedFiles)
    }
}
