import Domain
import ContentPipeline
import MongoStore
import ObjectStore

/// The auto-annotation versions: each is loaded as a worker would load it.
struct AnnotatorCheck: Check {
    let database: Result<AnnotationDatabase, StoreError>
    let store: Result<any BlobStore, BlobError>
    let settings: PipelineSettings

    func diagnostics() async -> [Diagnostic] {
        do {
            let store = try self.store.get()
            let transport = try CurlClient(connections: 1, answerByteCount: 16 << 20)
            let database = try self.database.get()
            let registry = AnnotatorRegistry(database: database, store: store, settings: self.settings)
            let loader = AnnotatorLoader(
                registry: registry, store: store, transport: transport, settings: self.settings)
            var diagnostics: [Diagnostic] = []
            for version in await self.versions(registry) { diagnostics.append(await Self.diagnostic(version, loader)) }
            return diagnostics
        } catch {
            return [
                .failed(
                    "annotators", ErrorLine.text(of: error),
                    advice: "the database and the object store come first: they keep versions and models")
            ]
        }
    }

    /// Those of the configuration and, where the database answers, those registered at run time.
    private func versions(_ registry: AnnotatorRegistry) async -> [AnnotatorVersion] {
        // Why the database does not answer, its own check tells.
        guard let entries = try? await registry.entries() else { return self.settings.annotation.configured }
        return entries.map(\.version)
    }

    private static func diagnostic(_ version: AnnotatorVersion, _ loader: AnnotatorLoader) async -> Diagnostic {
        let name = "annotator_\(version.number)"
        let engine = version.meaning.engine
        let what = [engine.rawValue, version.modelFile ?? version.meaning.modelName].compactMap(\.self)
            .joined(separator: " ")
        do {
            try await loader.check(version)
            return .ok(name, "\(what) is ready")
        } catch {
            return .failed(name, "\(what): \(ErrorLine.text(of: error))", advice: Self.advice(for: engine))
        }
    }

    private static func advice(for engine: AnnotatorMeaning.Engine) -> String {
        switch engine {
        case .motion: "this engine needs nothing; please report it"
        case .onnx: "put the model below [Folders] models, and unpack OpenVINO where [Folders] openvino says"
        case .remote: "start the inference server with this model, or correct the version's url"
        }
    }
}
