package import Domain
package import Logging
package import MongoStore
package import ObjectStore

/// Does the work items of datasets' jobs: plan, tasks, finish.
///
/// Decoding happens on FrameKit's own threads, transfers on the store's.
package struct DatasetHandler: WorkHandler {
    private let context: BuildContext
    private let jobs = PlannedJobCache<DatasetJob>()

    package init(database: AnnotationDatabase, store: any BlobStore, settings: DatasetSettings, logger: Logger) {
        self.context = BuildContext(database: database, store: store, settings: settings, logger: logger)
    }

    package func handle(_ item: WorkItem, of header: JobHeader, counting counter: FrameCounter) async throws {
        let job = try await self.job(header, for: item)
        switch item.work {
        case .plan: try await DatasetPlanStep(job: job, item: item, context: self.context).run()
        case .part(let index):
            try await TaskStep(job: job, item: item, index: index, context: self.context).run(counting: counter)
        case .finish: try await DatasetFinishStep(job: job, item: item, context: self.context).run()
        }
    }

    package func report(on item: WorkItem, of job: JobHeader, framesDone: Int) async throws {
        guard item.kind == .part else { return }
        let progress = try await self.context.database.jobs.progress(of: job, runningFrames: framesDone)
        guard try await self.context.database.datasets.report(progress, of: job) else { throw WorkFailure.versionGone }
    }

    /// A task that cannot be built does not stop the others.
    package func skip(_ item: WorkItem, of header: JobHeader, because error: JobError) async throws -> Bool {
        guard case .part(let index) = item.work else { return false }
        let job = try await self.job(header, for: item)
        try await TaskStep(job: job, item: item, index: index, context: self.context).skip(because: error.message)
        return true
    }

    package func releaseResources(job: ObjectID) {
        self.jobs.forget(job)
        self.context.plans.forget(job)
    }

    private func job(_ header: JobHeader, for item: WorkItem) async throws -> DatasetJob {
        let job = try await self.jobs.job(of: header, for: item, read: self.context.database.jobs.findDataset)
        guard let job else { throw WorkFailure.leaseLost }
        return job
    }
}

extension WorkFailure {
    static let versionGone = WorkFailure.permanent(
        404, "The dataset version was deleted.")
}
