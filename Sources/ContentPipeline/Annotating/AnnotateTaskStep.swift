internal import Domain
internal import MongoStore

/// Annotates one task that exists, from its clip: boxes, then the version on the task, then progress.
///
/// May be repeated from any point: the same boxes each time, and never any in place of what people made.
struct AnnotateTaskStep: Sendable {
    let job: ProcessingJob
    let item: WorkItem
    let index: Int
    let context: WorkContext

    func run(counting counter: FrameCounter) async throws {
        let database = self.context.database
        guard let ids = self.job.taskIds, ids.indices.contains(self.index) else { throw WorkFailure.leaseLost }
        // A task that was deleted meanwhile has nothing left to annotate.
        let task = try await database.tasks.annotatable(ids[self.index])
        if let task, task.version < self.job.parameters.autoAnnotationVersion {
            try await self.annotate(task, counter)
        }
        let frameCount = try await database.tasks.automaticFrameCount(ofTask: ids[self.index])
        guard let counts = try await database.complete(self.item, of: self.job, framesDone: frameCount) else {
            throw WorkFailure.leaseLost
        }
        guard try await database.reportClip(counts, of: self.job) else { throw WorkFailure.uploadGone }
    }

    private func annotate(_ task: TaskCollection.AnnotatableTask, _ counter: FrameCounter) async throws {
        let database = self.context.database
        let version = self.job.parameters.autoAnnotationVersion
        let annotator = try await self.context.annotators.annotator(version)
        let scratch = ScratchFolder(work: self.context.settings.folders.work)
        let attempt = ScratchFolder.Attempt(item: self.item.id, fence: self.item.fence)
        let copy = try scratch.makePath(for: attempt)
        defer { scratch.remove(attempt) }
        let clip = StoredClip(task: task, store: self.context.store, settings: self.context.settings)
        let detections = try await clip.annotate(with: annotator, copy: copy) { counter.set($0) }
        let boxes = detections.enumerated().map { index, found in
            (index + 1, AutomaticBox.boxes(found, version: version))
        }
        try await database.publication.annotate(
            task.id, with: Dictionary(uniqueKeysWithValues: boxes), version: version, under: self.item)
        try await database.publication.stamp(task.id, version: version, under: self.item)
    }
}
