package import Annotation
package import Logging
package import MongoStore

/// Does the units of datasets' jobs: plan, tasks, finish.
///
/// Decoding happens on FrameKit's own threads, transfers on the store's.
package struct DatasetUnits: UnitPerformer {
    private let context: BuildContext

    package init(database: AnnotationDatabase, store: any BlobStore, settings: DatasetSettings, logger: Logger) {
        self.context = BuildContext(database: database, store: store, settings: settings, logger: logger)
    }

    package func perform(_ unit: JobUnit, counting counter: FrameCounter) async throws {
        let job = try await self.job(of: unit)
        switch unit.work {
        case .plan: try await PlanStep(job: job, unit: unit, context: self.context).run()
        case .piece(let index):
            try await TaskStep(job: job, unit: unit, index: index, context: self.context).run(counting: counter)
        case .finish: try await FinishStep(job: job, unit: unit, context: self.context).run()
        }
    }

    package func report(on unit: JobUnit) async throws {
        guard unit.kind == .piece else { return }
        let job = try await self.job(of: unit)
        let progress = try await self.context.database.units.progress(of: job)
        guard try await self.context.database.datasets.report(progress, of: job) else { throw UnitFailure.versionGone }
    }

    /// A task that cannot be built does not stop the others.
    package func giveUp(_ unit: JobUnit, because error: JobError) async throws -> Bool {
        guard case .piece(let index) = unit.work else { return false }
        let job = try await self.job(of: unit)
        try await TaskStep(job: job, unit: unit, index: index, context: self.context).giveUp(because: error.message)
        return true
    }

    package func forget(job: ObjectID) {}

    private func job(of unit: JobUnit) async throws -> DatasetJob {
        guard let job = try await self.context.database.jobs.findDataset(unit.jobId) else {
            throw UnitFailure.leaseLost
        }
        return job
    }
}

extension UnitFailure {
    static let versionGone = UnitFailure.permanent(
        404, "The dataset version was deleted.")
}
