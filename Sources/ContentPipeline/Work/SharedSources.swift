internal import Domain
internal import FoundationEssentials
internal import Glibc
internal import ObjectStore

/// Source videos in the object store, for workers on machines without the content folder (`[S3] source_prefix`).
///
/// Thread rule: a value; several workers of a machine may fetch the same source, and share the file.
struct SharedSources: Sendable {
    private let store: any BlobStore
    /// `nil`: sources are not shared.
    private let prefix: String?
    /// Where fetched sources lie.
    private let folder: String

    init(store: any BlobStore, settings: PipelineSettings) {
        self.store = store
        self.prefix = settings.sourcePrefix
        self.folder = "\(settings.folders.work)/sources"
    }

    /// Puts the source of a planned job where other machines find it.
    ///
    /// - Parameter path: of a file that is the job's source; its SHA-256 is checked on the way.
    func share(_ path: String, sha256: String, of job: ProcessingJob) async throws(BlobError) {
        guard let key = self.key(of: job) else { return }
        if try await self.store.information(of: key)?.sha256 == sha256 { return }
        try await self.store.put(
            contentsOf: path, at: key, contentType: "application/octet-stream", sha256: sha256)
    }

    /// A copy of the job's source on this machine, with the source's own modification time; `nil` when it is not shared
    /// or not there yet.
    ///
    /// - Throws: `BlobError`; ``WorkFailure`` for bytes that are not the job's, and for a full disk.
    func copy(of job: ProcessingJob) async throws -> String? {
        guard let key = self.key(of: job), let source = job.source else { return nil }
        let path = "\(self.folder)/\(job.id)"
        if unsafe access(path, R_OK) == 0 { return path }
        try WorkDirectory.make(at: self.folder)
        let part = "\(path).\(getpid())"
        defer { unsafe unlink(part) }
        guard let fetched = try await self.store.download(key, to: part) else { return nil }
        guard fetched.sha256 == source.sha256, Self.date(part, as: source), unsafe rename(part, path) == 0 else {
            throw WorkFailure.attempt(500, "The source in the object store at \(key) is not the job's.")
        }
        return path
    }

    /// Ends the sharing of a job's source; harmless when it was not shared.
    func remove(sourceOf job: ProcessingJob) async throws(BlobError) {
        try await self.remove(sourceOfUpload: job.uploadId)
    }

    /// The same for the upload of any job.
    func remove(sourceOfUpload id: ObjectID) async throws(BlobError) {
        guard let key = self.key(ofUpload: id) else { return }
        try await self.store.remove(key)
    }

    /// The uploads whose sources lie in the store now.
    func shared() async throws(BlobError) -> [ObjectID] {
        guard let prefix else { return [] }
        return try await self.store.keys(startingWith: "\(prefix)/").compactMap {
            ObjectID(String($0.dropFirst(prefix.count + 1)))
        }
    }

    /// The jobs whose sources have copies on this machine, whole or in part.
    func copies() -> Set<ObjectID> {
        // Without the folder there are none.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: self.folder)) ?? []
        return Set(names.compactMap { ObjectID(String($0.prefix(24))) })
    }

    /// Removes the copy of an ended job's source.
    func removeCopy(of job: ObjectID) {
        // As above.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: self.folder)) ?? []
        where name.hasPrefix("\(job)") {
            unsafe unlink("\(self.folder)/\(name)")
        }
    }

    private func key(of job: ProcessingJob) -> String? { self.key(ofUpload: job.uploadId) }

    private func key(ofUpload id: ObjectID) -> String? { self.prefix.map { "\($0)/\(id)" } }

    /// Gives a copy the modification time by which the job knows its source.
    private static func date(_ path: String, as source: JobSource) -> Bool {
        let time = timespec(
            tv_sec: Int(source.modified / 1_000_000_000), tv_nsec: Int(source.modified % 1_000_000_000))
        return unsafe [time, time].withUnsafeBufferPointer { unsafe utimensat(AT_FDCWD, path, $0.baseAddress, 0) == 0 }
    }
}
