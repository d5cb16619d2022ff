internal import Annotation
internal import MongoStore

/// The last work item of a job: prove that every object is what was written, remove surplus ones, and end the job.
struct FinishStep: Sendable {
    let job: ProcessingJob
    let item: WorkItem
    let context: WorkContext

    func run() async throws {
        let database = self.context.database
        guard try await database.markProcessed(self.job) else { throw WorkFailure.notYet }
        let damaged = try await self.damagedClips()
        guard damaged.isEmpty else {
            try await database.workItems.reopen(parts: damaged, of: self.job)
            throw WorkFailure.notYet
        }
        try await self.removeSurplus()
        try await self.context.sharedSources.remove(sourceOf: self.job)
        try await database.end(self.job, as: .succeeded, nil)
        _ = try await database.workItems.complete(self.item, framesDone: 0)
    }

    /// Clips whose object is missing or differs from what was recorded: a paused worker of an older run may have
    /// written late.
    /// On the way, what killed workers left beside the objects goes: every clip is done, so nobody writes there.
    private func damagedClips() async throws -> [Int] {
        var damaged: [Int] = []
        for object in try await self.context.database.objects.written(by: self.job) {
            let stored = try await self.context.store.information(of: object.key)
            if stored?.byteCount != object.byteCount || stored?.sha256 != object.sha256 {
                damaged.append(object.clip)
            }
            try await self.context.store.removeLeftovers(of: object.key)
        }
        return damaged
    }

    /// Objects that older runs of this upload wrote and this one did not.
    private func removeSurplus() async throws {
        for key in try await self.context.database.objects.surplus(after: self.job) {
            try await self.context.store.remove(key)
            try await self.context.database.objects.remove(key)
        }
    }
}
