package import Domain
package import ObjectStore

/// Loads auto-annotation versions as a worker of this machine would, and forgets them again.
package struct AnnotatorDiagnosis: Sendable {
    private let loader: AnnotatorLoader

    package init(store: any BlobStore, transport: any HTTPTransport, settings: PipelineSettings) {
        self.loader = AnnotatorLoader(store: store, transport: transport, settings: settings)
    }

    /// Loads `version`, and runs its model once where that takes no server.
    ///
    /// - Throws: ``AnnotationFailure``, `EngineError`, `BlobError`.
    package func run(_ version: AnnotatorVersion) async throws { _ = try await self.loader.load(version) }
}
