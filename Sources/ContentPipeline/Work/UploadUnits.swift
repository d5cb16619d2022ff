package import Annotation
package import MongoStore

/// Does the units of uploads' jobs: plan, clips, finish.
///
/// Keeps the source of the present job open from clip to clip. Decoding and encoding happen on FrameKit's own threads.
package struct UploadUnits: UnitPerformer {
    private let context: WorkContext
    private let sources: SourceCache

    package init(
        database: AnnotationDatabase, store: any BlobStore, exchange: any HTTPExchange, settings: PipelineSettings,
        meter: WorkMeter
    ) {
        self.context = WorkContext(
            database: database, store: store, settings: settings,
            annotators: AnnotatorShelf(
                database: database, store: store, exchange: exchange, settings: settings, meter: meter),
            meter: meter)
        self.sources = SourceCache(
            folder: ContentFolder(settings: settings), shared: SharedSources(store: store, settings: settings),
            settings: settings)
    }

    package func perform(_ unit: JobUnit, counting counter: FrameCounter) async throws {
        guard let job = try await self.context.database.jobs.find(unit.jobId) else { throw UnitFailure.leaseLost }
        if job.parameters.requestType == .annotations {
            try await self.annotate(unit, of: job, counter)
        } else {
            try await self.make(unit, of: job, counter)
        }
    }

    /// Makes tasks, with or without annotations.
    private func make(_ unit: JobUnit, of job: ProcessingJob, _ counter: FrameCounter) async throws {
        switch unit.work {
        case .plan: try await PlanStep(job: job, unit: unit, context: self.context, sources: self.sources).run()
        case .piece(let index) where job.parameters.contentType == .images:
            try await ImageClipStep(job: job, unit: unit, index: index, context: self.context).run(counting: counter)
        case .piece(let index):
            try await ClipStep(job: job, unit: unit, index: index, context: self.context, sources: self.sources)
                .run(counting: counter)
        case .finish: try await FinishStep(job: job, unit: unit, context: self.context).run()
        }
    }

    /// Annotates tasks that exist.
    private func annotate(_ unit: JobUnit, of job: ProcessingJob, _ counter: FrameCounter) async throws {
        switch unit.work {
        case .plan: try await AnnotationPlanStep(job: job, unit: unit, context: self.context).run()
        case .piece(let index):
            try await AnnotateTaskStep(job: job, unit: unit, index: index, context: self.context)
                .run(counting: counter)
        case .finish: try await AnnotationFinishStep(job: job, unit: unit, context: self.context).run()
        }
    }

    package func report(on unit: JobUnit) async throws {
        guard unit.kind == .piece, let job = try await self.context.database.jobs.find(unit.jobId) else { return }
        guard try await self.context.database.reportProgress(of: job, finishedClip: false) else {
            throw UnitFailure.uploadGone
        }
    }

    /// A task list without one of its clips would look whole.
    package func giveUp(_ unit: JobUnit, because error: JobError) -> Bool { false }

    package func forget(job: ObjectID) { self.sources.forget(job) }
}

/// What the steps of an upload's job work with.
struct WorkContext: Sendable {
    let database: AnnotationDatabase
    let store: any BlobStore
    let settings: PipelineSettings
    let annotators: AnnotatorShelf
    let meter: WorkMeter

    var sharedSources: SharedSources { SharedSources(store: self.store, settings: self.settings) }
}
