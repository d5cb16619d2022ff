internal import Annotation
internal import FoundationEssentials
internal import FrameKit
internal import MongoStore
internal import ObjectStore

/// Makes one clip and publishes it: object, then frames, then task, then progress.
///
/// A reader sees all of a clip or nothing. May be repeated from any point: bytes, keys and ids are the same each time.
struct ClipStep: Sendable {
    let job: ProcessingJob
    let unit: JobUnit
    let index: Int
    let worker: Worker
    let sources: SourceCache

    func run(counting counter: FrameCounter) async throws {
        guard try await self.worker.database.projects.exists(self.job.projectId) else { throw UnitFailure.uploadGone }
        let source = try await self.checkedSource()
        let clip = source.plan.clip(at: self.index)
        let scratch = ScratchFolder(work: self.worker.settings.folders.work)
        let attempt = ScratchFolder.Attempt(unit: self.unit.id, fence: self.unit.fence)
        let path = try scratch.makePath(for: attempt)
        defer { scratch.remove(attempt) }

        let report = try await source.maker.make(clip, at: path) { counter.set($0) }
        let sha256 = try await ContentDigest.sha256(ofFileAt: path)
        let key = try await ClipObjects(job: self.job, worker: self.worker)
            .put(path, sha256: sha256, byteCount: try scratch.byteCount(of: attempt), clip: self.index)
        let facts = ClipFacts(report, objectKey: key)
        try await self.publish(clip, source.index.timeline, facts)
    }

    private func publish(_ clip: ClipPlan, _ timeline: FrameTimeline, _ facts: ClipFacts) async throws {
        let database = self.worker.database
        let frames = AnnotationFrame.emptyFrames(of: self.job, clip: clip)
        let task = AnnotationTask(of: self.job, clip: clip, timeline: timeline, facts: facts, createdAt: Date())
        try await database.publication.publish(frames, under: self.unit)
        try await database.publication.publish(task, under: self.unit)
        guard try await database.units.complete(self.unit, framesDone: clip.frameCount) else {
            throw UnitFailure.leaseLost
        }
        guard try await database.reportProgress(of: self.job, finishedClip: true) else { throw UnitFailure.uploadGone }
    }

    /// The source, proven to be the one that the job was planned from.
    private func checkedSource() async throws -> OpenSource {
        let source = try await self.sources.source(of: self.job)
        try source.file.checkUnchanged()
        guard let planned = self.job.source, planned.isOf(source.file.identity), source.summary == self.job.plan else {
            throw UnitFailure.sourceChanged
        }
        return source
    }
}
