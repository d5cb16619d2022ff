internal import Domain
internal import MongoStore
internal import ObjectStore

/// The last work item of a job: prove that every object is what was written, remove surplus ones, and end the job.
struct UploadFinishStep: Sendable {
    let job: ProcessingJob
    let item: WorkItem
    let context: WorkContext

    func run() async throws {
        let database = self.context.database
        guard try await database.markProcessed(self.job) else { throw WorkFailure.notYet }
        let damaged = try await self.damagedClips()
        guard damaged.isEmpty else {
            try await database.reopen(parts: damaged, of: self.job)
            throw WorkFailure.notYet
        }
        try await self.removeSurplus()
        try await self.context.sharedSources.remove(sourceOf: self.job)
        try await database.end(self.job, as: .succeeded, nil)
        _ = try await database.workItems.complete(self.item, framesDone: 0)
    }

    /// Clips whose object is missing or differs from what was recorded: a paused worker of an older run may have
    /// written late.
    ///
    /// On the way, what killed workers left beside the objects goes: every clip is done, so nobody writes there.
    private func damagedClips() async throws -> [Int] {
        var damaged = Set<Int>()
        var last: String?
        repeat {
            let page = try await self.context.database.objects.written(by: self.job, after: last)
            let clips = try await page.concurrentMap { try await self.isStored($0) ? nil : $0.clip }
            damaged.formUnion(clips.compactMap { $0 })
            // One key stands for its folder; of a folder's objects only the clip may have been sent in parts.
            let folders = Dictionary(page.map { ($0.folder, $0.key) }, uniquingKeysWith: max)
            try await folders.values.concurrentForEach { try await self.context.store.removeLeftovers(of: $0) }
            last = page.count < ObjectOwnership.pageSize ? nil : page.last?.key
        } while last != nil
        return damaged.sorted()
    }

    private func isStored(_ object: ObjectOwnership.WrittenObject) async throws -> Bool {
        let stored = try await self.context.store.information(of: object.key)
        return stored?.byteCount == object.byteCount && stored?.sha256 == object.sha256
    }

    /// Objects that older runs of this upload wrote and this one did not.
    private func removeSurplus() async throws {
        while case let keys = try await self.context.database.objects.surplus(after: self.job), !keys.isEmpty {
            try await keys.concurrentForEach { try await self.context.store.remove($0) }
            try await self.context.database.objects.remove(keys)
        }
    }
}

extension ObjectOwnership.WrittenObject {
    fileprivate var folder: Substring { self.key.prefix(upTo: self.key.lastIndex(of: "/") ?? self.key.startIndex) }
}
