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
    private let present = Mutex<(job: ObjectID, source: OpenSource)?>(nil)

    init(folder: ContentFolder, shared: SharedSources, settings: PipelineSettings) {
        self.shared = shared
        self.folder = folder
        self.settings = settings
    }

    /// The job's source, kept from the work item before where possible.
    ///
    /// - Throws: ``WorkFailure`` or `MediaError` when the file cannot be used.
    func source(of job: ProcessingJob) async throws -> OpenSource {
        if let source = self.present.withLock({ $0?.job == job.id ? $0?.source : nil }) { return source }
        self.close()
        let source = try await self.open(job)
        self.present.withLock { $0 = (job.id, source) }
        return source
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
