internal import Domain
internal import MongoStore
internal import ObjectStore

/// The version that a worker works with, loaded once for many clips.
actor AnnotatorCache {
    private let registry: AnnotatorRegistry
    private let loader: AnnotatorLoader
    private var present: (asked: AnnotatorVersion, loaded: LoadedAnnotator)?

    init(
        database: AnnotationDatabase, store: any BlobStore, transport: any HTTPTransport, settings: PipelineSettings,
        meter: WorkMeter
    ) {
        self.registry = AnnotatorRegistry(database: database, store: store, settings: settings)
        self.loader = AnnotatorLoader(store: store, transport: transport, settings: settings, meter: meter)
    }

    /// The version, ready to annotate, whose meaning can no longer change.
    ///
    /// - Throws: `AnnotationFailure`, `EngineError`, and errors of the stores.
    func annotator(_ number: Int) async throws -> LoadedAnnotator {
        let version = try await self.registry.version(number)
        let loaded = try await self.load(version)
        try await self.registry.use(loaded.version)
        return loaded
    }

    /// What annotates one clip of a job; `nil` when the job asks for no annotations.
    func annotation(for parameters: ProcessParameters) async throws -> ClipAnnotation? {
        guard parameters.requestType != .tasks else { return nil }
        return ClipAnnotation(try await self.annotator(parameters.autoAnnotationVersion))
    }

    private func load(_ version: AnnotatorVersion) async throws -> LoadedAnnotator {
        if let present, present.asked == version { return present.loaded }
        let loaded = try await self.loader.load(version)
        self.present = (version, loaded)
        return loaded
    }
}
