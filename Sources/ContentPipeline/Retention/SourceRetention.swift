internal import Domain
internal import FoundationEssentials
internal import MongoStore

/// Source videos of uploads that have been complete for long, in the content folder and in the object store.
///
/// A source stays while any job that has work to do, or any upload that is not complete for as long, refers to the same
/// file by whatever path, and when it is not the file any more that the job was made from. Folders of images stay.
struct SourceRetention: Sendable {
    let records: RetentionRecords
    let folder: ContentFolder
    let shared: SharedSources
    let cutoff: Date

    /// Jobs that are read at a time.
    private static let pageSize = 500

    func steps() async throws -> [RetentionStep] {
        // Only who sees the files can tell that one is gone.
        let files = self.folder.isHere ? try await self.fileSteps() : []
        return files + (try await self.copySteps())
    }

    private func fileSteps() async throws(StoreError) -> [RetentionStep] {
        var steps: [RetentionStep] = []
        let needed = try await self.neededFiles()
        var last: ObjectID?
        while true {
            let page = try await self.records.producers(finishedBefore: self.cutoff, after: last, limit: Self.pageSize)
            steps += page.compactMap { self.step(for: $0, sparing: needed) }
            guard page.count == Self.pageSize, let end = page.last else { return steps }
            last = end.id
        }
    }

    /// - Returns: `nil` for a source that is gone, was replaced, or is needed.
    private func step(for job: ProcessingJob, sparing needed: Set<String>) -> RetentionStep? {
        guard let source = job.source, let file = self.file(of: job), !needed.contains(file) else { return nil }
        let path = job.parameters.contentPath
        return RetentionStep(description: "source \(path): upload \(job.uploadId) is complete; it is removed") {
            try await self.remove(path, source, of: job)
        }
    }

    /// Whether the source that the run worked from still lies in the content folder.
    func isThere(ofRun id: ObjectID) async throws(StoreError) -> Bool {
        try await self.records.producer(id).flatMap(self.file) != nil
    }

    /// The job's source, absolute and free of links; `nil` when it is gone or another file by now.
    private func file(of job: ProcessingJob) -> String? {
        // A path that leads nowhere is no reason to do anything.
        guard let entry = try? self.folder.locate(job.parameters.contentPath),
            entry.byteCount == job.source?.byteCount
        else { return nil }
        return entry.path
    }

    private func remove(_ path: String, _ source: JobSource, of job: ProcessingJob) async throws -> Bool {
        let name = path.split(separator: "/").last.map(String.init)
        guard try await self.records.isSettled(job),
            let file = self.file(of: job),
            try await !self.neededFiles(named: name).contains(file)
        else { return false }
        let removal = try self.folder.remove(path, of: source.byteCount, modified: source.modified)
        // A file that was replaced is not this job's business any more.
        try await self.records.markSourceRemoved(of: job.id)
        return removal == .removed
    }

    /// Files that somebody may still want to read, absolute and free of links.
    private func neededFiles(named name: String? = nil) async throws(StoreError) -> Set<String> {
        let paths = try await self.records.neededPaths(completeAfter: self.cutoff, fileName: name)
        return Set(paths.compactMap { try? self.folder.locate($0).path })  // What is not there needs no care.
    }

    /// Copies in the object store that a job which failed left there.
    private func copySteps() async throws -> [RetentionStep] {
        var steps: [RetentionStep] = []
        for upload in try await self.shared.shared()
        where try await self.records.isIdle(upload: upload, since: self.cutoff) {
            steps.append(
                RetentionStep(description: "shared source of upload \(upload): its jobs have ended; it is removed") {
                    guard try await self.records.isIdle(upload: upload, since: self.cutoff) else { return false }
                    try await self.shared.remove(sourceOfUpload: upload)
                    return true
                })
        }
        return steps
    }
}
