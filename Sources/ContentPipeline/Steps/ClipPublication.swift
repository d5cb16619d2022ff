internal import Domain
internal import FoundationEssentials
internal import FrameKit
internal import MongoStore
internal import ObjectStore

/// Makes a finished clip visible: object, then frames, then task, then progress.
struct ClipPublication: Sendable {
    let job: ProcessingJob
    let item: WorkItem
    let context: WorkContext

    /// Stores the clip at `path` and returns its key.
    func put(_ path: String, clip: ClipPlan, byteCount: Int64) async throws -> String {
        let sha256 = try await ContentDigest.sha256(ofFileAt: path)
        return try await ClipObjects(job: self.job, context: self.context)
            .put(path, sha256: sha256, byteCount: byteCount, clip: clip.index)
    }

    /// - Parameter detections: of each frame; empty for none at all.
    func publish(
        _ clip: ClipPlan, _ timeline: FrameTimeline, _ facts: ClipFacts, _ detections: [[Detection]]
    ) async throws {
        let database = self.context.database
        let boxes = detections.map { AutomaticBox.boxes($0, version: facts.annotationVersion) }
        let frames = AnnotationFrame.frames(of: self.job, clip: clip, boxes: boxes)
        let task = AnnotationTask(of: self.job, clip: clip, timeline: timeline, facts: facts, createdAt: Date())
        try await database.publication.publish(frames, under: self.item)
        try await database.publication.publish(task, under: self.item)
        let counts = try await database.complete(self.item, of: self.job, framesDone: clip.frameCount)
        guard let counts else { throw WorkFailure.leaseLost }
        self.context.meter.add(to: .clips)
        self.context.meter.add(Double(clip.frameCount), to: .framesKept)
        guard try await database.reportClip(counts, of: self.job) else { throw WorkFailure.uploadGone }
    }
}

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
