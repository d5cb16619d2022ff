internal import Domain
internal import MongoStore

/// The last work item of a job: see that every object is there, remove surplus ones, make archives and the manifest,
/// and end the job. May be repeated from any point.
struct DatasetFinishStep: Sendable {
    let job: DatasetJob
    let item: WorkItem
    let context: BuildContext

    func run() async throws {
        let database = self.context.database
        guard let plan = self.job.plan, let status = try await database.datasets.status(of: self.job.versionId) else {
            throw WorkFailure.versionGone
        }
        guard try await database.markProcessed(self.job) else { throw WorkFailure.notYet }
        guard status.failures.isEmpty else { throw Self.failure(status.failures, of: plan) }
        let version = try await self.context.plan(of: self.job)
        let contents = VersionContents(plan: version, job: self.job, item: self.item, context: self.context)
        let incomplete = try await contents.removeSurplus()
        guard incomplete.isEmpty else {
            try await database.reopen(parts: incomplete, of: self.job)
            throw WorkFailure.notYet
        }
        let formats = status.wantedFormats(with: self.job.request)
        let summary = try await contents.writeVersionObjects(formats: formats, before: status.archives)
        let isCurrent = try await database.datasets.complete(self.job, summary)
        ScratchFile.removeAll(of: self.job.id, in: self.context.settings.workFolder)
        if isCurrent {
            try await database.end(self.job, as: .succeeded, nil)
        } else {
            try await database.end(self.job, as: .cancelled, Self.outdated)
            _ = try await DatasetIntake(database: database, settings: self.context.settings)
                .start(self.job.versionId, self.job.request)
        }
        _ = try await database.workItems.complete(self.item, framesDone: 0)
    }

    private static func failure(_ failures: [DatasetStatus.Task], of plan: PlanSummary) -> WorkFailure {
        let reasons = failures.prefix(5).compactMap(\.error).joined(separator: " ")
        return .permanent(422, "\(failures.count) of \(plan.partCount) tasks could not be built: \(reasons)")
    }

    private static let outdated = JobError(
        code: 409, message: "The version was asked for anew while it was built; another job builds it.")
}
