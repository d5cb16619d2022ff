internal import Domain
internal import FrameKit
internal import MongoStore

/// Makes one clip and publishes it: object, then frames, then task, then progress.
///
/// A reader sees all of a clip or nothing. May be repeated from any point: bytes, keys and ids are the same each time.
struct ClipStep: Sendable {
    let job: ProcessingJob
    let item: WorkItem
    let index: Int
    let context: WorkContext
    let sources: SourceCache

    func run(counting counter: FrameCounter) async throws {
        guard try await self.context.database.projects.exists(self.job.projectId) else { throw WorkFailure.uploadGone }
        let source = try await self.checkedSource()
        let clip = source.plan.clip(at: self.index)
        let scratch = ScratchFolder(work: self.context.settings.folders.work)
        let attempt = ScratchFolder.Attempt(item: self.item.id, fence: self.item.fence)
        let path = try scratch.makePath(for: attempt)
        defer { scratch.remove(attempt) }

        let annotation = try await self.context.annotators.annotation(for: self.job.parameters)
        let report = try await source.producer.make(clip, at: path, annotation: annotation) { counter.set($0) }
        self.context.meter.add(await source.producer.takeCost())
        let publication = ClipPublication(job: self.job, item: self.item, context: self.context)
        let key = try await publication.put(path, clip: clip, byteCount: try scratch.byteCount(of: attempt))
        let facts = ClipFacts(
            report, objectKey: key, annotationVersion: self.job.parameters.autoAnnotationVersion)
        let boxes = try await annotation?.finish() ?? []
        try await publication.publish(clip, source.index.timeline, facts, boxes)
    }

    /// The source, proven to be the one that the job was planned from.
    private func checkedSource() async throws -> OpenSource {
        let source = try await self.sources.source(of: self.job)
        try source.file.checkUnchanged()
        guard let planned = self.job.source, planned.isOf(source.file.identity), source.summary == self.job.plan else {
            throw WorkFailure.sourceChanged
        }
        return source
    }
}

extension ClipProducer {
    /// Makes the clip and has `annotation` see every picture of it.
    fileprivate nonisolated func make(
        _ clip: ClipPlan, at path: String, annotation: ClipAnnotation?, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> ClipReport {
        guard let annotation else { return try await self.make(clip, at: path, progress: progress) }
        return try await self.make(
            clip, at: path, observer: { picture, _ in try await annotation.show(picture) }, progress: progress)
    }
}

extension WorkMeter {
    /// Counts what making clips has taken.
    func add(_ cost: ClipCost) {
        self.add(Double(cost.decodedFrames), to: .framesDecoded)
        self.add(cost.decoding, to: .decodeSeconds)
        self.add(cost.encoding, to: .encodeSeconds)
    }
}
