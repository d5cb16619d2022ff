package import Domain
package import MongoDriver

/// The product's collections in one database, with the steps that concern more than one of them.
///
/// Free to copy; every method may be called from any task.
package struct AnnotationDatabase: Sendable {
    package let uploads: UploadCollection
    package let projects: ProjectCollection
    package let tasks: TaskCollection
    package let jobs: JobCollection
    package let workItems: WorkQueue
    package let publication: Publication
    package let objects: ObjectOwnership
    package let replacedTasks: ReplacedTaskBackup
    package let annotators: AnnotatorCollection
    package let datasets: DatasetVersionCollection
    package let datasetFrames: DatasetFrameCollection
    package let datasetRecords: DatasetRecordCollection
    package let retention: RetentionRecords
    package let work: WorkMetricCollection
    let database: MongoDatabase
    let preparation = Preparation()

    package init(_ database: MongoDatabase) {
        self.database = database
        self.uploads = UploadCollection(database)
        self.projects = ProjectCollection(database)
        self.tasks = TaskCollection(database)
        self.jobs = JobCollection(database)
        self.workItems = WorkQueue(database)
        self.publication = Publication(database)
        self.objects = ObjectOwnership(database)
        self.replacedTasks = ReplacedTaskBackup(database)
        self.annotators = AnnotatorCollection(database)
        self.datasets = DatasetVersionCollection(database)
        self.datasetFrames = DatasetFrameCollection(database)
        self.datasetRecords = DatasetRecordCollection(database)
        self.retention = RetentionRecords(database)
        self.work = WorkMetricCollection(database)
    }

    /// Asks the server whether it answers, for readiness probes.
    package func checkReadiness() async throws(StoreError) { try await self.database.ping() }
}

extension AnnotationDatabase {
    /// Makes an accepted job visible: on its upload, in its project, and in the queue, with what an earlier start of
    /// the job left undone. May be repeated.
    package func enqueue(_ job: ProcessingJob) async throws(StoreError) {
        try await self.uploads.accept(job)
        try await self.projects.add(upload: job.uploadId, to: job.projectId)
        try await self.workItems.restart(of: job)
        try await self.workItems.insertPlan(of: job)
        try await self.jobs.markPlanned(job)
    }

    /// The same for the job of a dataset version, whose document changes only when there is work.
    package func enqueue(_ job: DatasetJob) async throws(StoreError) {
        try await self.workItems.restart(of: job)
        try await self.workItems.insertPlan(of: job)
        try await self.jobs.markPlanned(job)
    }

    /// Notes that every part of the job is done; `false`, without a note, as long as one is not.
    package func markProcessed(_ job: some QueuedJob) async throws(StoreError) -> Bool {
        guard let plan = job.plan, try await self.workItems.progress(of: job).partsDone == plan.partCount else {
            return false
        }
        try await self.jobs.markProcessed(job)
        return true
    }

    /// Ends a job: first the job itself, which only one caller can do, then its work items, then its upload.
    ///
    /// A crash in between is finished by whoever finds the job ended and not announced.
    package func end(_ job: some QueuedJob, as state: JobState, _ error: JobError?) async throws(StoreError) {
        guard let ended = try await self.jobs.end(job, as: state, error) else { return }
        try await self.announce(ended)
    }

    /// Tells the job's subject how the job ended. May be repeated.
    package func announce(_ job: JobHeader) async throws(StoreError) {
        // A job that succeeded has nothing left but the work item that ended it, which its worker is about to settle.
        if job.state != .succeeded { try await self.workItems.stopAll(of: job) }
        let progress = try await self.workItems.progress(of: job)
        switch job.kind {
        case .processContent: try await self.uploads.end(job, clipsDone: progress.partsDone)
        case .buildDataset: try await self.datasets.end(job)
        }
        try await self.jobs.markAnnounced(job)
    }

    /// Writes the job's progress to its upload; `false` when the upload belongs to another job now, or is gone.
    package func reportProgress(of job: some QueuedJob, finishedClip: Bool) async throws(StoreError) -> Bool {
        let progress = try await self.workItems.progress(of: job)
        return try await self.uploads.report(progress, of: job, finishedClip: finishedClip)
    }
}
