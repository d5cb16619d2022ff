internal import Annotation
internal import FrameKit
internal import MongoStore

/// The first unit of a job: learn what the source is, withdraw what the run replaces, and queue the clips.
///
/// Nothing of an older run is touched before the new source is known to be good. May be repeated from any point.
struct PlanStep: Sendable {
    let job: ProcessingJob
    let unit: JobUnit
    let worker: Worker
    let sources: SourceCache

    func run() async throws {
        let database = self.worker.database
        // A run that replaces another starts when no worker of the other can still write its objects.
        guard try await !database.units.hasOtherWorkers(onUploadOf: self.job) else { throw UnitFailure.notYet }
        guard try await database.jobs.start(self.job) else { throw UnitFailure.leaseLost }
        guard try await database.projects.exists(self.job.projectId) else { throw UnitFailure.uploadGone }
        guard try await database.uploads.startProcessing(self.job) else { throw UnitFailure.uploadGone }

        let source = try await self.sources.source(of: self.job)
        let identity = JobSource(source.file.identity, sha256: try await source.file.sha256())
        try source.file.checkUnchanged()
        if let known = self.job.source, known.sha256 != identity.sha256 { throw UnitFailure.sourceChanged }

        try await Withdrawal(job: self.job, worker: self.worker).run()
        guard try await database.jobs.record(identity, source.summary, of: self.job) else {
            throw UnitFailure.leaseLost
        }
        try await database.units.insert(clipCount: source.plan.clipCount, of: self.job)
        guard try await database.units.complete(self.unit, framesDone: 0) else { throw UnitFailure.leaseLost }
    }
}

extension UnitFailure {
    static let sourceChanged = UnitFailure.permanent(
        409, "The source file changed since the job began; send force_write=1 to process it anew.")
    static let uploadGone = UnitFailure.permanent(
        404, "The upload or its project was deleted, or another job has the upload now.")
}
