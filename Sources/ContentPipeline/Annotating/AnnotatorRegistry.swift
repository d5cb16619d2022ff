package import Domain
internal import AutoAnnotation
internal import FoundationEssentials
package import MongoStore
package import ObjectStore

/// The auto-annotation versions that there are: those of the configuration, and those registered at run time.
///
/// Thread rule: a value; any task may call it.
package struct AnnotatorRegistry: Sendable {
    private let database: AnnotationDatabase
    private let models: ModelStore
    private let settings: AnnotationSettings

    package init(database: AnnotationDatabase, store: any BlobStore, settings: PipelineSettings) {
        self.database = database
        self.models = ModelStore(store: store, settings: settings)
        self.settings = settings.annotation
    }

    /// What a list of versions shows.
    package struct Entry: Sendable {
        package let version: AnnotatorVersion
        /// Whether it stands in the configuration, not in the database.
        package let isConfigured: Bool
        /// Whether boxes may refer to it, so that it keeps its meaning.
        package let isUsed: Bool
    }

    /// Every version, in the order of their numbers. A number of the configuration means what stands there.
    package func entries() async throws(StoreError) -> [Entry] {
        let records = try await self.database.annotators.all()
        let used = Set(records.filter(\.isUsed).map(\.version.number))
        let configured = self.settings.configured.map {
            Entry(version: $0, isConfigured: true, isUsed: used.contains($0.number))
        }
        let numbers = Set(configured.map(\.version.number))
        let registered = records.filter { $0.version.createdAt != nil && !numbers.contains($0.version.number) }
            .map { Entry(version: $0.version, isConfigured: false, isUsed: $0.isUsed) }
        return (configured + registered).sorted { $0.version.number < $1.version.number }
    }

    package func entry(_ number: Int) async throws(StoreError) -> Entry? {
        try await self.entries().first { $0.version.number == number }
    }

    /// The version of a number.
    ///
    /// - Throws: ``AnnotationFailure/unknown(_:)`` with the numbers that there are; `StoreError`.
    package func version(_ number: Int) async throws -> AnnotatorVersion {
        if let configured = self.settings.configured.first(where: { $0.number == number }) { return configured }
        let entries = try await self.entries()
        guard let entry = entries.first(where: { $0.version.number == number }) else {
            let known = entries.map { String($0.version.number) }.joined(separator: ", ")
            throw AnnotationFailure.unknown("There is no auto-annotation version \(number); registered: \(known).")
        }
        return entry.version
    }

    /// Notes that boxes are about to refer to a version, whose model has been looked at.
    ///
    /// - Throws: ``AnnotationFailure/conflict(_:)`` when earlier boxes refer to another meaning of the number.
    func use(_ version: AnnotatorVersion) async throws {
        guard try await self.database.annotators.use(version) else { throw Self.takenNumber(version.number) }
    }

    /// Registers a version.
    ///
    /// - Parameters:
    ///   - version: as asked for.
    ///   - model: a model file that came with the request; `nil` takes the one that the version names.
    /// - Returns: the version with its model's digest and place.
    /// - Throws: ``AnnotationFailure``, `EngineError` for a model that cannot be used, `BlobError`, `StoreError`.
    package func register(_ version: AnnotatorVersion, model: String? = nil) async throws -> AnnotatorVersion {
        guard !self.settings.configured.contains(where: { $0.number == version.number }) else {
            throw AnnotationFailure.conflict(
                "Version \(version.number) stands in the configuration; register under another number.")
        }
        try self.checkServers(version.urls)
        let complete = version.meaning.engine == .onnx ? try await self.keepModel(of: version, upload: model) : version
        guard try await self.database.annotators.register(complete) else { throw Self.takenNumber(version.number) }
        return complete
    }

    /// Forgets a version that no job has used.
    ///
    /// - Throws: ``AnnotationFailure``, `StoreError`.
    package func remove(_ number: Int) async throws {
        guard let entry = try await self.entry(number) else { _ = try await self.version(number); return }
        guard !entry.isConfigured else {
            throw AnnotationFailure.conflict("Version \(number) stands in the configuration; remove it there.")
        }
        guard try await self.database.annotators.remove(number) else {
            throw AnnotationFailure.conflict("Boxes refer to version \(number), so it stays.")
        }
    }

    private static func takenNumber(_ number: Int) -> AnnotationFailure {
        .conflict(
            "Version \(number) means something else, and boxes refer to it; give the new meaning another number.")
    }

    /// Servers that a request names could be any machine of the network: only listed ones are asked.
    private func checkServers(_ urls: [String]) throws(AnnotationFailure) {
        for url in urls where !self.settings.allowedServers.contains(url) {
            let allowed = self.settings.allowedServers.joined(separator: ", ")
            throw .refused(
                "\(url) is not in [App] inference_servers, which has \(allowed.isEmpty ? "none" : allowed).")
        }
    }

    /// Puts the model into the object store, once it is known to be a detector.
    private func keepModel(of version: AnnotatorVersion, upload: String?) async throws -> AnnotatorVersion {
        let model = try await self.models.model(of: version, upload: upload)
        _ = try await self.models.description(of: model, for: version)
        let key = try await self.models.keep(model)
        return AnnotatorVersion(
            number: version.number, meaning: version.with(sha256: model.sha256).meaning, modelFile: key,
            note: version.note, createdAt: version.createdAt)
    }
}
