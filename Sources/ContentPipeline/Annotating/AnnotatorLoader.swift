internal import Domain
internal import AutoAnnotation
internal import ObjectStore

/// A version that is ready to annotate clips.
struct LoadedAnnotator: Sendable {
    /// With the digest of its model.
    let version: AnnotatorVersion
    let engine: any DetectionEngine
    /// Counts the time that the engine takes.
    let meter: WorkMeter

    var rules: ClipAnnotator.Rules {
        let meaning = self.version.meaning
        return ClipAnnotator.Rules(
            labels: meaning.labels, confidence: meaning.confidence, overlap: meaning.iou, tracks: meaning.tracks)
    }
}

/// Makes versions ready: fetches models, loads engines, asks servers.
struct AnnotatorLoader: Sendable {
    private let models: ModelStore
    private let transport: any HTTPTransport
    private let settings: AnnotationSettings
    private let meter: WorkMeter

    init(
        store: any BlobStore, transport: any HTTPTransport, settings: PipelineSettings, meter: WorkMeter = WorkMeter()
    ) {
        self.models = ModelStore(store: store, settings: settings)
        self.transport = transport
        self.settings = settings.annotation
        self.meter = meter
    }

    /// Loads what `version` needs and tries it once where that takes no server.
    ///
    /// - Throws: ``AnnotationFailure``, `EngineError`, `BlobError`.
    func load(_ version: AnnotatorVersion) async throws -> LoadedAnnotator {
        switch version.meaning.engine {
        case .motion:
            return LoadedAnnotator(version: version, engine: MotionEngine(), meter: self.meter)
        case .onnx:
            let model = try await self.models.model(of: version)
            let engine = try self.onnxEngine(version, model)
            try await engine.prepare()
            return LoadedAnnotator(
                version: version.with(sha256: model.sha256), engine: engine, meter: self.meter)
        case .remote:
            return LoadedAnnotator(
                version: version, engine: try await self.remoteEngine(version), meter: self.meter)
        }
    }

    private func onnxEngine(_ version: AnnotatorVersion, _ model: ModelStore.Local) throws(EngineError) -> ONNXEngine {
        try ONNXEngine(
            ONNXEngine.Settings(
                modelPath: model.path, libraryFolder: self.settings.libraryFolder,
                cacheFolder: self.models.compiledFolder, threadCount: self.settings.threadCount,
                confidence: version.meaning.confidence, inputSize: version.meaning.inputSize),
            name: version.modelFile ?? "The model")
    }

    private func remoteEngine(_ version: AnnotatorVersion) async throws(EngineError) -> RemoteEngine {
        try await RemoteEngine(
            RemoteEngine.Settings(
                model: version.meaning.modelName ?? "", classNames: version.meaning.labels.pairs.map(\.model),
                confidence: version.meaning.confidence, inputSize: version.meaning.inputSize),
            at: InferenceServers(version.urls, over: self.transport))
    }
}
