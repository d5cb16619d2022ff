internal import Domain
internal import FrameKit
internal import MongoStore

/// The first work item of a job: learn what the source is, remove what the run replaces, and queue the clips.
///
/// Nothing of an older run is touched before the new source is known to be good. May be repeated from any point.
struct UploadPlanStep: Sendable {
    let job: ProcessingJob
    let item: WorkItem
    let context: WorkContext
    let sources: SourceCache

    func run() async throws {
        let database = self.context.database
        // A run that replaces another starts when no worker of the other can still write its objects.
        if self.job.runNumber > 1, try await database.workItems.hasOtherWorkers(onSubjectOf: self.job) {
            throw WorkFailure.notYet
        }
        guard try await database.jobs.start(self.job) else { throw WorkFailure.leaseLost }
        guard try await database.projects.exists(self.job.projectId) else { throw WorkFailure.uploadGone }
        guard try await database.uploads.startProcessing(self.job) else { throw WorkFailure.uploadGone }

        // What is wrong with the version shows before anything changes.
        _ = try await self.context.annotators.annotation(for: self.job.parameters)

        let found = try await self.job.parameters.contentType == .images ? self.findImages() : self.findVideo()
        if let known = self.job.source, known.sha256 != found.identity.sha256 { throw WorkFailure.sourceChanged }

        try await TaskReplacement(job: self.job, context: self.context).run()
        guard
            try await database.jobs.record(
                found.identity, found.summary, images: found.images, skippedFiles: found.skippedFiles,
                deinterlaces: self.job.deinterlaces ?? self.context.settings.encoding.deinterlaces, of: self.job)
        else {
            throw WorkFailure.leaseLost
        }
        try await database.workItems.insert(found.summary, of: self.job, after: self.item)
        guard try await database.workItems.complete(self.item, framesDone: 0) else { throw WorkFailure.leaseLost }
    }

    private struct Found {
        let identity: JobSource
        let summary: PlanSummary
        /// Of an upload of images.
        var images: [JobImage]?
        var skippedFiles: SkippedFiles?
    }

    private func findVideo() async throws -> Found {
        let source = try await self.sources.source(of: self.job)
        let identity = JobSource(source.file.identity, sha256: try await source.file.sha256())
        // A file that is gone since it was opened is found out below.
        if let entry = try? ContentFolder(settings: self.context.settings).locate(self.job.parameters.contentPath) {
            try await self.context.sharedSources.share(entry.path, sha256: identity.sha256, of: self.job)
        }
        try source.file.checkUnchanged()
        return Found(identity: identity, summary: source.summary)
    }

    private func findImages() async throws -> Found {
        let source = try ImageSource(of: self.job, settings: self.context.settings)
        return Found(
            identity: try await source.identity(), summary: source.summary, images: source.images,
            skippedFiles: source.skippedFiles)
    }
}

extension WorkFailure {
    static let uploadGone = WorkFailure.permanent(
        404, "The upload or its project was deleted, or another job has the upload now.")
}

/// Removes the tasks of older runs before a new run publishes its own.
///
/// A few tasks at a time, each with its frames, and only while nobody has worked on it. Copies are kept until a task is
/// gone, so that a task whose frames a person saved in between becomes whole again, also after a crash.
struct TaskReplacement: Sendable {
    let job: ProcessingJob
    let context: WorkContext

    /// Few: after one task that people worked on, the others are to stay.
    private static let concurrency = 4

    func run() async throws {
        let database = self.context.database
        let discardsHumanWork = self.context.settings.content.forceWriteDiscardsHumanWork
        let tasks = try await database.tasks.older(than: self.job)
        try await tasks.concurrentForEach(limit: Self.concurrency) { task in
            try await database.objects.claim(task.objectKey, for: self.job.uploadId)
            let isGone = try await database.replacedTasks.remove(task.id, sparingHumanWork: !discardsHumanWork)
            guard isGone else {
                throw WorkFailure.permanent(
                    409, "People worked on task \(task.name) while it was to be replaced; it was left as it is.")
            }
        }
    }
}
