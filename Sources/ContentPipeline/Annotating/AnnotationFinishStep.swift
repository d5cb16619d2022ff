internal import Domain
internal import MongoStore

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
