internal import Annotation
internal import MongoStore

/// The last unit of a job that annotates tasks which exist: every task is done, so the job is.
struct AnnotationFinishStep: Sendable {
    let job: ProcessingJob
    let unit: JobUnit
    let context: WorkContext

    func run() async throws {
        let database = self.context.database
        guard let plan = self.job.plan else { throw UnitFailure.notYet }
        guard try await database.units.progress(of: self.job).piecesDone == plan.pieceCount else {
            throw UnitFailure.notYet
        }
        try await database.jobs.markProcessed(self.job)
        try await database.end(self.job, as: .succeeded, nil)
        _ = try await database.units.complete(self.unit, framesDone: 0)
    }
}
