internal import Domain
internal import FrameKit
internal import Synchronization

/// The source of the job that a worker is at: open, indexed, and with a decoder that continues from clip to clip.
///
/// Thread rule: used by one worker, whose work items follow each other.
final class SourceCache: Sendable {
    private let folder: ContentFolder
    private let settings: PipelineSettings
    private let shared: SharedSources
    private let present = Mutex<Present?>(nil)

    private struct Present {
        let job: ObjectID
        let fence: Int
        let source: Source
    }

    private enum Source {
        case video(OpenSource)
        case images(ImageSource)
    }

    init(folder: ContentFolder, shared: SharedSources, settings: PipelineSettings) {
        self.shared = shared
        self.folder = folder
        self.settings = settings
    }

    /// The job's video, kept from the work item before where possible.
    ///
    /// - Throws: ``WorkFailure`` or `MediaError` when the file cannot be used.
    func source(of job: ProcessingJob) async throws -> OpenSource {
        if case .video(let source) = self.source(keptFor: job) { return source }
        self.close()
        let source = try await self.open(job)
        self.keep(.video(source), for: job)
        return source
    }

    /// The same for a planned job of images.
    func images(of job: ProcessingJob) throws -> ImageSource {
        if case .images(let source) = self.source(keptFor: job) {
            try source.checkUnchanged()
            return source
        }
        self.close()
        let source = try ImageSource(of: job, settings: self.settings)
        self.keep(.images(source), for: job)
        return source
    }

    private func source(keptFor job: ProcessingJob) -> Source? {
        self.present.withLock { $0?.job == job.id && $0?.fence == job.fence ? $0?.source : nil }
    }

    private func keep(_ source: Source, for job: ProcessingJob) {
        self.present.withLock { $0 = Present(job: job.id, fence: job.fence, source: source) }
    }

    /// Closes the source, so that the next work item starts afresh.
    func close(_ job: ObjectID? = nil) {
        self.present.withLock { if job == nil || $0?.job == job { $0 = nil } }
    }

    private func open(_ job: ProcessingJob) async throws -> OpenSource {
        let path = job.parameters.contentPath
        let file = try await self.file(of: job)
        let source = try await OpenSource(
            indexing: file, frameRate: job.parameters.frameRate, framesPerTask: job.framesPerTask,
            settings: self.settings, deinterlaces: job.deinterlaces)
        guard source.plan.clipCount > 0 else { throw WorkFailure.permanent(422, "\(path) has no video frames.") }
        return source
    }

    private func file(of job: ProcessingJob) async throws -> SourceFile {
        let path = job.parameters.contentPath
        let entry: ContentFolder.Entry
        do throws(ContentFolder.PathProblem) { entry = try self.folder.locate(path) } catch {
            guard !self.folder.isHere else {
                throw WorkFailure.permanent(422, "There is no readable file at \(path).")
            }
            // This machine has no content folder: without a shared source the work item is for those that have it.
            guard let copy = try await self.shared.copy(of: job) else { throw WorkFailure.notYet }
            return try SourceFile(path: copy)
        }
        let file = try SourceFile(path: entry.path)
        guard file.withDescriptor({ self.folder.contains(descriptor: $0) }) else {
            throw WorkFailure.permanent(422, "\(path) leads out of the content folder.")
        }
        return file
    }
}
