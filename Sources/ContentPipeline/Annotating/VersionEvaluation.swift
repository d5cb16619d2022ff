package import Domain
internal import AutoAnnotation
internal import FoundationEssentials
internal import FrameKit
internal import Glibc
package import MongoStore
package import ObjectStore

/// Tells how well auto-annotation versions find what people labelled.
package struct VersionEvaluation: Sendable {
    private let database: AnnotationDatabase
    private let store: any BlobStore
    private let loader: AnnotatorLoader
    private let registry: AnnotatorRegistry
    private let settings: PipelineSettings

    package init(
        database: AnnotationDatabase, store: any BlobStore, transport: any HTTPTransport, settings: PipelineSettings
    ) {
        self.database = database
        self.store = store
        self.registry = AnnotatorRegistry(database: database, store: store, settings: settings)
        self.loader = AnnotatorLoader(
            registry: self.registry, store: store, transport: transport, settings: settings)
        self.settings = settings
    }

    /// One version's result.
    package struct Result: Sendable, Encodable {
        package let version: Int
        package let quality: DetectionQuality
    }

    /// Has `version` look at every labelled frame of the videos, which count as one set.
    ///
    /// - Parameter predictions: a file that takes what was found, in the form of truth files; `nil` for none.
    /// - Throws: ``AnnotationFailure``, `EngineError`, `MediaError`, `StoreError` for versions of the database.
    package func run(
        _ number: Int, on videos: [LabelledVideo], predictions: String? = nil
    ) async throws -> Result {
        let annotator = try await self.annotator(number)
        var pictures: [DetectionQuality.Picture] = []
        var lines = ""
        for video in videos {
            let found = try await self.annotate(video.video, with: annotator)
            for frame in video.truth.keys.sorted() {
                let own = found.indices.contains(frame) ? found[frame] : []
                pictures.append(.init(truth: video.truth[frame] ?? [], found: own))
                lines += try Prediction(frame: frame, boxes: own.map(TruthBox.init)).line
            }
        }
        if let predictions { try Data(lines.utf8).write(to: URL(filePath: predictions)) }
        return Result(version: number, quality: DetectionQuality(of: pictures))
    }

    /// Has `version` look at the clips of a project whose audit people passed, and takes their boxes for the truth.
    ///
    /// - Throws: as ``run(_:on:predictions:)``; ``AnnotationFailure/refused(_:)`` when there is no such task.
    package func run(_ number: Int, onProject project: ObjectID) async throws -> Result {
        let annotator = try await self.annotator(number)
        let tasks = try await self.database.tasks.accepted(inProject: project)
        guard !tasks.isEmpty else {
            throw AnnotationFailure.refused("Project \(project) has no task whose audit was accepted or completed.")
        }
        var pictures: [DetectionQuality.Picture] = []
        let copy = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).mp4").path()
        defer { _ = unsafe unlink(copy) }
        for task in tasks {
            let truth = try await self.database.tasks.boxes(ofTask: task.id)
            let found = try await StoredClip(task: task, store: self.store, settings: self.settings)
                .annotate(with: annotator, copy: copy) { _ in }
            for (number, boxes) in truth.sorted(by: { $0.key < $1.key }) where found.indices.contains(number - 1) {
                pictures.append(.init(truth: boxes, found: found[number - 1]))
            }
        }
        return Result(version: number, quality: DetectionQuality(of: pictures))
    }

    private func annotator(_ number: Int) async throws -> LoadedAnnotator {
        try await self.loader.load(try await self.registry.version(number))
    }

    /// What the version finds in every frame of the video.
    private func annotate(_ path: String, with annotator: LoadedAnnotator) async throws -> [[Detection]] {
        let index = try await MediaIndex.build(of: try SourceFile(path: path), limits: self.settings.content.limits)
        let size = PictureSize(width: index.geometry.width, height: index.geometry.height)
        let reader = try await ClipReader.open(path, size: size, limits: self.settings.content.limits)
        return try await reader.annotate(with: annotator) { _ in }
    }

    private struct Prediction: Encodable {
        let frame: Int
        let boxes: [TruthBox]

        var line: String {
            get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) + "\n" }
        }
    }
}

extension ClipReader {
    /// What a version finds in every frame, in their order.
    ///
    /// - Parameter progress: called with the number of frames seen so far.
    nonisolated func annotate(
        with annotator: LoadedAnnotator, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> [[Detection]] {
        let annotation = ClipAnnotation(annotator)
        try await self.forEachPicture(ofFrames: 1...self.frameCount) { picture, number in
            try await annotation.show(picture)
            progress(number)
        }
        return try await annotation.finish()
    }
}
