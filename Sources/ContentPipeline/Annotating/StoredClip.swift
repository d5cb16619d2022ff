internal import Domain
internal import FoundationEssentials
internal import FrameKit
internal import Glibc
internal import MongoStore
internal import ObjectStore

/// The clip of a task that exists, on its way from the object store through a version.
struct StoredClip: Sendable {
    let task: TaskCollection.AnnotatableTask
    let store: any BlobStore
    let settings: PipelineSettings

    /// What the version finds in every frame of the clip, in their order.
    ///
    /// - Parameters:
    ///   - path: of a file that takes the clip where it does not lie on this machine; the caller removes it.
    ///   - progress: called with the number of frames seen so far.
    /// - Throws: ``WorkFailure`` when the task lacks what it takes, `BlobError`, `MediaError`, `EngineError`.
    func annotate(
        with annotator: LoadedAnnotator, copy path: String, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> [[Detection]] {
        guard let key = self.task.objectKey, let width = self.task.width, let height = self.task.height else {
            throw WorkFailure.permanent(422, "Task \(self.task.name) does not say where its clip is or how large.")
        }
        let reader = try await ClipReader.open(
            try await self.file(key, copy: path), size: PictureSize(width: width, height: height),
            limits: self.settings.content.limits)
        return try await reader.annotate(with: annotator, progress: progress)
    }

    private func file(_ key: String, copy path: String) async throws -> String {
        if let file = try self.store.filePath(of: key) {
            guard unsafe access(file, R_OK) == 0 else { throw self.isMissing(key) }
            return file
        }
        guard try await self.store.download(key, to: path) != nil else { throw self.isMissing(key) }
        return path
    }

    private func isMissing(_ key: String) -> WorkFailure {
        .permanent(422, "The clip of task \(self.task.name) is not in the object store at \(key).")
    }
}
