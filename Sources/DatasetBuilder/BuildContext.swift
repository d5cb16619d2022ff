package import Domain
internal import Logging
internal import MongoStore
internal import ObjectStore
internal import Synchronization

/// What the steps of a dataset's job work with.
struct BuildContext: Sendable {
    let database: AnnotationDatabase
    let store: any BlobStore
    let settings: DatasetSettings
    let logger: Logger
    let plans = VersionPlanCache()

    /// The plan for the job's tasks: read once, so that a version of thousands of tasks is not read again for each.
    ///
    /// - Throws: as ``plan(of:)``.
    func planForTasks(of job: DatasetJob) async throws -> VersionPlan {
        if let plan = self.plans.plan(of: job) { return plan }
        let plan = try await self.plan(of: job)
        self.plans.keep(plan, for: job)
        return plan
    }

    /// The plan of the version that the job builds, as the version is now.
    ///
    /// - Throws: ``WorkFailure`` when the version is gone or asks for what cannot be made.
    func plan(of job: DatasetJob) async throws -> VersionPlan {
        try await self.plan(
            of: try await self.version(job.versionId), splitUnit: job.request.splitUnit,
            trainingName: job.trainingName)
    }

    /// - Throws: ``WorkFailure`` when there is none.
    func version(_ id: ObjectID) async throws -> DatasetVersion {
        guard let version = try await self.database.datasets.find(id) else {
            throw WorkFailure.permanent(404, "There is no dataset version \(id).")
        }
        return version
    }

    /// What has to go to training because it would be empty otherwise; found once for a job, before its tasks.
    func trainingName(of version: DatasetVersion, splitUnit: SplitUnit) async throws(StoreError) -> String? {
        guard !version.splitShares.isEmpty else { return nil }
        let splits = try await self.database.datasetFrames.splits(ofTasks: version.taskIds, in: version.id)
        let names = splits.undecided.map { splitUnit.name(task: $0.task, upload: $0.upload, frame: $0.frame) }
        return SplitAssignment(version.splitShares).nameForTraining(among: names, decided: splits.decided)
    }

    func plan(of version: DatasetVersion, splitUnit: SplitUnit, trainingName: String?) async throws -> VersionPlan {
        // Only without enabled entries do the boxes themselves tell the classes.
        let hasClasses = version.labels.contains(where: \.isEnabled)
        let labels =
            hasClasses ? [] : try await self.database.datasetFrames.labels(ofTasks: version.taskIds, in: version.id)
        do throws(AugmentationError) {
            return try VersionPlan(
                version, labels: labels, rules: self.settings.rules, splitUnit: splitUnit,
                trainingName: trainingName)
        } catch {
            throw WorkFailure.permanent(422, error.description)
        }
    }
}

/// The plan of the job that a worker was at last.
final class VersionPlanCache: Sendable {
    private let last = Mutex<(job: ObjectID, fence: Int, plan: VersionPlan)?>(nil)

    func plan(of job: DatasetJob) -> VersionPlan? {
        self.last.withLock { $0?.job == job.id && $0?.fence == job.fence ? $0?.plan : nil }
    }

    func keep(_ plan: VersionPlan, for job: DatasetJob) {
        self.last.withLock { $0 = (job.id, job.fence, plan) }
    }

    func forget(_ job: ObjectID) {
        self.last.withLock { if $0?.job == job { $0 = nil } }
    }
}

/// What dataset builds are told by the configuration.
package struct DatasetSettings: Sendable {
    package let rules: AugmentationRules
    /// 1 … 100.
    package let jpegQuality: Int
    /// For temporary files, absolute.
    package let workFolder: String
    /// Queued jobs beyond which new requests are refused.
    package let queueLimit: Int

    package init(
        rules: AugmentationRules, jpegQuality: Int, workFolder: String, queueLimit: Int
    ) {
        self.rules = rules
        self.jpegQuality = jpegQuality
        self.workFolder = workFolder
        self.queueLimit = queueLimit
    }
}
