package import Domain
package import MongoStore
package import ObjectStore

/// Does the work items of uploads' jobs: plan, clips, finish.
///
/// Keeps the source of the present job open from clip to clip. Decoding and encoding happen on FrameKit's own threads.
package struct UploadHandler: WorkHandler {
    private let context: WorkContext
    private let sources: SourceCache
    private let jobs = PlannedJobCache<ProcessingJob>()

    package init(
        database: AnnotationDatabase, store: any BlobStore, transport: any HTTPTransport, settings: PipelineSettings,
        meter: WorkMeter
    ) {
        self.context = WorkContext(
            database: database, store: store, settings: settings,
            annotators: AnnotatorLoader(
                registry: AnnotatorRegistry(database: database, store: store, settings: settings), store: store,
                transport: transport, settings: settings, meter: meter),
            meter: meter)
        self.sources = SourceCache(
            folder: ContentFolder(settings: settings), shared: SharedSources(store: store, settings: settings),
            settings: settings)
    }

    package func handle(_ item: WorkItem, of job: JobHeader, counting counter: FrameCounter) async throws {
        let found = try await self.jobs.job(of: job, for: item, read: self.context.database.jobs.find)
        guard let job = found else { throw WorkFailure.leaseLost }
        if job.parameters.requestType == .annotations {
            try await self.annotate(item, of: job, counter)
        } else {
            try await self.make(item, of: job, counter)
        }
    }

    /// Makes tasks, with or without annotations.
    private func make(_ item: WorkItem, of job: ProcessingJob, _ counter: FrameCounter) async throws {
        switch item.work {
        case .plan: try await UploadPlanStep(job: job, item: item, context: self.context, sources: self.sources).run()
        case .part(let index) where job.parameters.contentType == .images:
            try await ImageClipStep(job: job, item: item, index: index, context: self.context, sources: self.sources)
                .run(counting: counter)
        case .part(let index):
            try await ClipStep(job: job, item: item, index: index, context: self.context, sources: self.sources)
                .run(counting: counter)
        case .finish: try await UploadFinishStep(job: job, item: item, context: self.context).run()
        }
    }

    /// Annotates tasks that exist.
    private func annotate(_ item: WorkItem, of job: ProcessingJob, _ counter: FrameCounter) async throws {
        switch item.work {
        case .plan: try await AnnotationPlanStep(job: job, item: item, context: self.context).run()
        case .part(let index):
            try await AnnotateTaskStep(job: job, item: item, index: index, context: self.context)
                .run(counting: counter)
        case .finish: try await AnnotationFinishStep(job: job, item: item, context: self.context).run()
        }
    }

    package func report(on item: WorkItem, of job: JobHeader, framesDone: Int) async throws {
        guard item.kind == .part else { return }
        guard try await self.context.database.reportProgress(of: job, runningFrames: framesDone) else {
            throw WorkFailure.uploadGone
        }
    }

    /// A task list without one of its clips would look whole.
    package func skip(_ item: WorkItem, of job: JobHeader, because error: JobError) -> Bool { false }

    package func releaseResources(job: ObjectID) {
        self.sources.close(job)
        self.jobs.forget(job)
    }
}

/// What the steps of an upload's job work with.
struct WorkContext: Sendable {
    let database: AnnotationDatabase
    let store: any BlobStore
    let settings: PipelineSettings
    let annotators: AnnotatorLoader
    let meter: WorkMeter

    var sharedSources: SharedSources { SharedSources(store: self.store, settings: self.settings) }
}
