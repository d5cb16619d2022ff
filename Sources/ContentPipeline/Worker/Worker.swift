package import Annotation
internal import FrameKit
package import Logging
package import MongoStore
internal import Synchronization

/// Takes units from the queue and does them, one at a time.
///
/// Thread rule: one task calls ``run()``; any thread may call ``stop()``. Decoding and encoding happen on FrameKit's
/// own threads.
package final class Worker: Sendable {
    let owner: String
    let database: AnnotationDatabase
    let store: any BlobStore
    let settings: PipelineSettings
    private let logger: Logger
    private let isStopping = Atomic<Bool>(false)

    /// - Parameter owner: a name that no other worker has, now or earlier.
    package init(
        owner: String, database: AnnotationDatabase, store: any BlobStore, settings: PipelineSettings, logger: Logger
    ) {
        self.owner = owner
        self.database = database
        self.store = store
        self.settings = settings
        self.logger = logger
    }

    /// Ends ``run()`` once the present unit is done.
    package func stop() { self.isStopping.store(true, ordering: .relaxed) }

    /// Works until ``stop()`` or until its task is cancelled; then the present unit goes back to the queue.
    package func run() async {
        let sources = SourceCache(folder: ContentFolder(settings: self.settings), settings: self.settings)
        var last: JobUnit?
        while !self.isStopping.load(ordering: .relaxed), !Task.isCancelled {
            do throws(StoreError) {
                try await self.database.prepareOnce()
                if let unit = try await self.database.units.take(
                    by: self.owner, lease: self.settings.lease, after: last)
                {
                    last = unit
                    try await self.perform(unit, sources: sources)
                    continue
                }
                await Self.pause(for: .milliseconds(250))
            } catch {
                self.logger.warning("waiting for the database", metadata: ["error": "\(error)"])
                await Self.pause(for: .seconds(2))
            }
        }
    }

    private func perform(_ unit: JobUnit, sources: SourceCache) async throws(StoreError) {
        guard let job = try await self.database.jobs.find(unit.jobId), job.state.isLive else {
            // Its job ended between two looks: out of the queue with it.
            try await self.database.units.stop(unit)
            return
        }
        var logger = self.logger
        logger[metadataKey: "job"] = "\(job.id)"
        logger[metadataKey: "upload"] = "\(job.uploadId)"
        logger[metadataKey: "unit"] = "\(unit.work)"
        let attempts = self.settings.attempts
        if let error = attempts.exhaustion(of: unit) {
            try await self.settle(unit, of: job, .end(.quarantined, error))
            return
        }
        do {
            try await self.perform(unit.work, of: job, under: unit, sources: sources)
            logger.info("unit done")
        } catch {
            sources.forget(job.id)
            let failure = AttemptPolicy.Failure(error)
            let verdict = attempts.verdict(on: failure, attempts: unit.attempts)
            if failure != .notYet { logger.warning("unit not done", metadata: ["error": "\(error)"]) }
            try await self.settle(unit, of: job, verdict)
        }
    }

    /// Does the work while another task renews the lease; whichever ends first ends both.
    private func perform(
        _ work: JobUnit.Work, of job: ProcessingJob, under unit: JobUnit, sources: SourceCache
    ) async throws {
        let counter = FrameCounter()
        let keeper = LeaseKeeper(unit: unit, job: job, counter: counter, worker: self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keeper.run() }
            group.addTask {
                switch work {
                case .plan: try await PlanStep(job: job, unit: unit, worker: self, sources: sources).run()
                case .clip(let index):
                    try await ClipStep(job: job, unit: unit, index: index, worker: self, sources: sources)
                        .run(counting: counter)
                case .finish: try await FinishStep(job: job, unit: unit, worker: self).run()
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func settle(
        _ unit: JobUnit, of job: ProcessingJob, _ verdict: AttemptPolicy.Verdict
    ) async throws(StoreError) {
        switch verdict {
        case .abandon where Task.isCancelled:
            try await self.database.units.release(unit, after: .zero, countsAsAttempt: false, error: nil)
        case .abandon:
            try await self.database.units.acknowledgeStop(by: self.owner)
        case .retry(let delay, let counts, let error):
            try await self.database.units.release(unit, after: delay, countsAsAttempt: counts, error: error)
        case .end(let state, let error):
            try await self.database.end(job, as: state, error)
            try await self.database.units.acknowledgeStop(by: self.owner)
        }
    }

    /// Returns early when the task is cancelled, which the caller's loop notices.
    private static func pause(for duration: Duration) async {
        try? await Task.sleep(for: duration)  // The only error is cancellation.
    }
}
