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
        try await self.queueWorkItems(of: job)
    }

    /// The same for the job of a dataset version, whose document changes only when there is work.
    package func enqueue(_ job: DatasetJob) async throws(StoreError) { try await self.queueWorkItems(of: job) }

    private func queueWorkItems(of job: some QueuedJob) async throws(StoreError) {
        // Work items of a first start were never stopped.
        if job.fence > 1 { try await self.workItems.restart(of: job) }
        try await self.workItems.insertPlan(of: job)
        try await self.jobs.markPlanned(job)
    }

    /// Notes that every part of the job is done; `false`, without a note, as long as one is not.
    package func markProcessed(_ job: some QueuedJob) async throws(StoreError) -> Bool {
        guard job.plan != nil, try await self.workItems.isEveryPartDone(of: job) else { return false }
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
        let counts = try await self.exactCounts(of: job)
        switch job.kind {
        case .processContent: try await self.uploads.end(job, clipsDone: counts.parts)
        case .buildDataset: try await self.datasets.end(job)
        }
        try await self.jobs.markAnnounced(job, counts: counts)
    }

    /// Nobody completes parts of an ended job, so this count stays.
    private func exactCounts(of job: JobHeader) async throws(StoreError) -> JobCounts {
        if job.state == .succeeded, let plan = job.plan, let counts = job.counts, counts.parts == plan.partCount {
            return counts
        }
        return try await self.workItems.countDoneParts(of: job)
    }
}

// MARK: Progress

extension AnnotationDatabase {
    /// Completes a part and counts it; `nil`, and nothing is done, when the part is someone else's now or its lease has
    /// run out.
    package func complete(
        _ part: WorkItem, of job: some QueuedJob, framesDone: Int
    ) async throws(StoreError) -> JobCounts? {
        guard try await self.workItems.complete(part, framesDone: framesDone) else { return nil }
        return try await self.jobs.countPart(of: job, frames: framesDone)
    }

    /// Makes parts again whose objects turned out to be wrong, as ``WorkQueue/reopen(parts:of:)``. All parts were done.
    package func reopen(parts: [Int], of job: some QueuedJob) async throws(StoreError) {
        try await self.workItems.reopen(parts: parts, of: job)
        try await self.jobs.setCounts(try await self.workItems.countDoneParts(of: job), of: job)
    }

    /// Shows on the job's upload that another clip is done; `false` when the upload belongs to another job now, or is
    /// gone.
    package func reportClip(_ counts: JobCounts, of job: ProcessingJob) async throws(StoreError) -> Bool {
        try await self.uploads.report(JobProgress(counts, of: job.plan), of: job, finishedClip: true)
    }

    /// The same while a clip is made.
    ///
    /// - Parameter runningFrames: of the part that the caller is at.
    package func reportProgress(of job: JobHeader, runningFrames: Int) async throws(StoreError) -> Bool {
        let progress = try await self.jobs.progress(of: job, runningFrames: runningFrames)
        return try await self.uploads.report(progress, of: job, finishedClip: false)
    }
}
