package import Domain
package import AutoAnnotation
package import ObjectStore

/// A version that is ready to annotate clips.
package struct LoadedAnnotator: Sendable {
    /// With the digest of its model.
    package let version: AnnotatorVersion
    package let engine: any DetectionEngine
    /// Counts the time that the engine takes.
    let meter: WorkMeter

    package var rules: ClipAnnotator.Rules {
        let meaning = self.version.meaning
        return ClipAnnotator.Rules(
            labels: meaning.labels, confidence: meaning.confidence, overlap: meaning.iou, tracks: meaning.tracks)
    }
}

/// Makes versions ready: fetches models, loads engines, asks servers. Keeps the last one for many clips.
package actor AnnotatorLoader {
    private let registry: AnnotatorRegistry
    private let models: ModelStore
    private let transport: any HTTPTransport
    private let settings: AnnotationSettings
    private let meter: WorkMeter
    private var present: (asked: AnnotatorVersion, loaded: LoadedAnnotator)?

    package init(
        registry: AnnotatorRegistry, store: any BlobStore, transport: any HTTPTransport, settings: PipelineSettings,
        meter: WorkMeter = WorkMeter()
    ) {
        self.registry = registry
        self.models = ModelStore(store: store, settings: settings)
        self.transport = transport
        self.settings = settings.annotation
        self.meter = meter
    }

    /// The version, ready to annotate, whose meaning can no longer change.
    ///
    /// - Throws: ``AnnotationFailure``, `EngineError`, and errors of the stores.
    func annotator(_ number: Int) async throws -> LoadedAnnotator {
        let version = try await self.registry.version(number)
        let loaded = try await self.loadOnce(version)
        try await self.registry.use(loaded.version)
        return loaded
    }

    /// What annotates one clip of a job; `nil` when the job asks for no annotations.
    func annotation(for parameters: ProcessParameters) async throws -> ClipAnnotation? {
        guard parameters.requestType != .tasks else { return nil }
        return ClipAnnotation(try await self.annotator(parameters.autoAnnotationVersion))
    }

    /// Loads `version` as a worker of this machine would, and forgets it again.
    ///
    /// - Throws: as ``annotator(_:)``.
    package func check(_ version: AnnotatorVersion) async throws { _ = try await self.load(version) }

    private func loadOnce(_ version: AnnotatorVersion) async throws -> LoadedAnnotator {
        if let present, present.asked == version { return present.loaded }
        let loaded = try await self.load(version)
        self.present = (version, loaded)
        return loaded
    }

    /// Loads what `version` needs and tries it once where that takes no server.
    ///
    /// - Throws: ``AnnotationFailure``, `EngineError`, `BlobError`.
    package func load(_ version: AnnotatorVersion) async throws -> LoadedAnnotator {
        switch version.meaning.engine {
        case .motion:
            return LoadedAnnotator(version: version, engine: MotionEngine(), meter: self.meter)
        case .onnx:
            let model = try await self.models.model(of: version)
            let detector = try await self.models.description(of: model, for: version)
            let engine = self.onnxEngine(detector, version, model)
            try await engine.prepare()
            return LoadedAnnotator(
                version: version.with(sha256: model.sha256), engine: engine, meter: self.meter)
        case .remote:
            return LoadedAnnotator(
                version: version, engine: try await self.remoteEngine(version), meter: self.meter)
        }
    }

    private func onnxEngine(
        _ detector: DetectorModel, _ version: AnnotatorVersion, _ model: ModelStore.Local
    ) -> ONNXEngine {
        ONNXEngine(
            detector,
            ONNXEngine.Settings(
                modelPath: model.path, libraryFolder: self.settings.libraryFolder,
                cacheFolder: self.models.compiledFolder, threadCount: self.settings.threadCount,
                confidence: version.meaning.confidence))
    }

    private func remoteEngine(_ version: AnnotatorVersion) async throws(EngineError) -> RemoteEngine {
        try await RemoteEngine(
            RemoteEngine.Settings(
                model: version.meaning.modelName ?? "", classNames: version.meaning.labels.pairs.map(\.model),
                confidence: version.meaning.confidence, inputSize: version.meaning.inputSize),
            at: InferenceServers(version.urls, over: self.transport))
    }
}
