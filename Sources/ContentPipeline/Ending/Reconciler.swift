package import Annotation
internal import FoundationEssentials
package import Logging
package import MongoStore

/// Finishes what crashes left half done between two documents. Every step may be repeated and may run on any machine.
package struct Reconciler: Sendable {
    private let database: AnnotationDatabase
    private let store: any BlobStore
    private let scratch: ScratchFolder
    private let logger: Logger

    package init(database: AnnotationDatabase, store: any BlobStore, settings: PipelineSettings, logger: Logger) {
        self.database = database
        self.store = store
        self.scratch = ScratchFolder(work: settings.folders.work)
        self.logger = logger
    }

    /// Clears the object store of what crashes left there, and then looks until its task is cancelled.
    package func run(every interval: Duration) async {
        do throws(BlobError) {
            let count = try await self.store.removeOrphans()
            if count > 0 { self.logger.notice("removed \(count) pieces of interrupted uploads") }
        } catch {
            self.logger.warning("the object store was not cleared", metadata: ["error": "\(error)"])
        }
        while !Task.isCancelled {
            do { try await self.look() } catch {
                self.logger.warning("reconciling waits", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: interval)  // The only error is cancellation, which the loop notices.
        }
    }

    /// One look over all jobs; one bad job never stops the others.
    package func look() async throws(StoreError) {
        try await self.database.prepareOnce()
        for attempt in self.scratch.attempts()
        where try await !self.database.units.isHeld(attempt.unit, fence: attempt.fence) {
            self.scratch.remove(attempt)
        }
        for job in try await self.database.jobs.unplanned(before: Date(timeIntervalSinceNow: -5)) {
            try await self.attend(job, "queued again") { () async throws in try await self.database.enqueue(job) }
        }
        for job in try await self.database.jobs.unannounced() {
            try await self.attend(job, "announced") { () async throws in try await self.database.announce(job) }
        }
        for job in try await self.database.jobs.untidied() {
            try await self.attend(job, "tidied") { () async throws in try await self.tidy(job) }
        }
    }

    /// Removes objects that a job put without publishing them, once none of its workers can put another.
    private func tidy(_ job: ProcessingJob) async throws {
        guard try await !self.database.units.hasWorkers(on: job) else { return }
        for key in try await self.database.objects.unpublished(by: job) {
            try await self.store.remove(key)
            try await self.store.removeRemains(of: key)
            try await self.database.objects.forget(key)
        }
        try await self.database.jobs.markTidied(job)
    }

    private func attend(
        _ job: ProcessingJob, _ what: String, _ body: () async throws -> Void
    ) async throws(StoreError) {
        do {
            try await body()
        } catch {
            if let error = error as? StoreError, error.code == .unavailable { throw error }
            self.logger.error("job could not be \(what)", metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
    }
}
