internal import Domain
internal import MongoStore

/// The first work item of a job that annotates tasks which exist: try the version, and list the tasks that lack it.
///
/// May be repeated from any point; the list is made once.
struct AnnotationPlanStep: Sendable {
    let job: ProcessingJob
    let item: WorkItem
    let context: WorkContext

    func run() async throws {
        let database = self.context.database
        guard try await !database.workItems.hasOtherWorkers(onSubjectOf: self.job) else { throw WorkFailure.notYet }
        guard try await database.jobs.start(self.job) else { throw WorkFailure.leaseLost }
        guard try await database.projects.exists(self.job.projectId) else { throw WorkFailure.uploadGone }
        guard try await database.uploads.startProcessing(self.job) else { throw WorkFailure.uploadGone }
        let version = self.job.parameters.autoAnnotationVersion
        _ = try await self.context.annotators.annotator(version)

        let tasks = try await database.tasks.annotatable(ofUpload: self.job.uploadId)
        let listed = Set(self.job.taskIds ?? tasks.filter { $0.version < version }.map(\.id))
        let due = tasks.filter { listed.contains($0.id) }
        let frameCount = due.reduce(0) { $0 + $1.frameCount }
        let plan = PlanSummary(
            partCount: self.job.taskIds?.count ?? due.count, frameCount: frameCount, sourceFrameCount: frameCount)
        guard try await database.jobs.record(self.job.taskIds ?? due.map(\.id), plan, of: self.job) else {
            throw WorkFailure.leaseLost
        }
        try await database.workItems.insert(plan, of: self.job, after: self.item)
        guard try await database.workItems.complete(self.item, framesDone: 0) else { throw WorkFailure.leaseLost }
    }
}

/// The last work item of a job that annotates tasks which exist: every task is done, so the job is.
struct AnnotationFinishStep: Sendable {
    let job: ProcessingJob
    let item: WorkItem
    let context: WorkContext

    func run() async throws {
        let database = self.context.database
        guard try await database.markProcessed(self.job) else { throw WorkFailure.notYet }
        try await database.end(self.job, as: .succeeded, nil)
        _ = try await database.workItems.complete(self.item, framesDone: 0)
    }
}
