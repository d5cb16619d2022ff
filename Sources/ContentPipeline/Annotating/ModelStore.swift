internal import Domain
internal import AutoAnnotation
internal import Blocking
internal import FoundationEssentials
internal import Glibc
internal import ObjectStore

/// Finds model files and keeps a copy of each under its digest, so that a file that changes changes no version.
///
/// An actor of its own thread, since copying a large model and looking at it block.
actor ModelStore {
    private nonisolated let executor = BlockingExecutor(label: "models")
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    private let store: any BlobStore
    private let folder: ContentFolder
    /// Copies by digest; shared by the workers of a machine.
    private let copies: String

    init(store: any BlobStore, settings: PipelineSettings) {
        self.store = store
        self.folder = ContentFolder(root: settings.annotation.modelFolder, base: settings.annotation.modelFolder)
        self.copies = "\(settings.folders.work)/models"
    }

    /// Where OpenVINO keeps what it compiled.
    nonisolated var compiledFolder: String { "\(self.copies)/compiled" }

    /// A model file of this machine.
    struct Local: Hashable {
        let path: String
        let sha256: String
    }

    /// The model of `version`, whose file has the digest that the version states, where it states one.
    ///
    /// - Parameter upload: the path of a model that came with a request, in place of the file that the version names.
    /// - Throws: ``AnnotationFailure``, `BlobError`.
    func model(of version: AnnotatorVersion, upload: String? = nil) async throws -> Local {
        if upload == nil, let sha256 = version.meaning.sha256,
            FileManager.default.fileExists(atPath: self.path(of: sha256))
        {
            return Local(path: self.path(of: sha256), sha256: sha256)
        }
        guard let name = version.modelFile else {
            throw AnnotationFailure.refused("Version \(version.number) has no model file.")
        }
        let copy = try await self.copy(of: name, at: upload)
        if let stated = version.meaning.sha256, stated != copy.sha256 {
            _ = unsafe unlink(copy.path)
            throw AnnotationFailure.refused(
                "The model file \(name) has the SHA-256 \(copy.sha256) instead of \(stated).")
        }
        let model = Local(path: self.path(of: copy.sha256), sha256: copy.sha256)
        // Renaming is atomic: others see no file or a whole one.
        guard unsafe rename(copy.path, model.path) == 0 else {
            throw WorkFailure.attempt(500, "The model file \(model.path) cannot be written.")
        }
        return model
    }

    /// What the model of `version` says of itself.
    ///
    /// - Throws: ``EngineError/Code/badModel``.
    func description(of model: Local, for version: AnnotatorVersion) throws(EngineError) -> DetectorModel {
        try DetectorModel(
            path: model.path, name: version.modelFile ?? "The model", inputSize: version.meaning.inputSize)
    }

    /// Puts a model file into the object store and returns its key.
    func keep(_ model: Local) async throws -> String {
        let key = "models/\(model.sha256).onnx"
        try await self.store.put(
            contentsOf: model.path, at: key, contentType: "application/octet-stream", sha256: model.sha256)
        return key
    }

    /// A private copy of the file that `name` means, in the folder of models or the object store.
    ///
    /// - Parameter upload: the file itself, where it is known.
    private func copy(of name: String, at upload: String?) async throws -> Local {
        try WorkDirectory.make(at: self.copies)
        let path = "\(self.copies)/\(UUID().uuidString).part"
        if let file = try upload ?? self.file(named: name) {
            try FileManager.default.copyItem(atPath: file, toPath: path)
        } else if try await self.store.download(name, to: path) == nil {
            _ = unsafe unlink(path)
            throw AnnotationFailure.refused(
                "There is no model \(name), neither in the folder [Folders] models nor in the object store.")
        }
        return Local(path: path, sha256: try await ContentDigest.sha256(ofFileAt: path))
    }

    /// The file in the folder of models; `nil` when there is none of this name.
    private func file(named name: String) throws(AnnotationFailure) -> String? {
        do throws(ContentFolder.PathProblem) {
            return try self.folder.locate(name).path
        } catch {
            if error == .absent { return nil }
            throw .refused("The model \(name) is no file inside the folder [Folders] models.")
        }
    }

    private func path(of sha256: String) -> String { "\(self.copies)/\(sha256).onnx" }
}
