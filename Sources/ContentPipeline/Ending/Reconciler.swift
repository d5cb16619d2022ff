internal import Domain
internal import FoundationEssentials
package import Logging
package import MongoStore
package import ObjectStore

/// Finishes what crashes left half done between two documents. Every step may be repeated and may run on any machine.
package struct Reconciler: Sendable {
    private let database: AnnotationDatabase
    private let store: any BlobStore
    private let intake: RequestIntake
    private let scratch: ScratchFolder
    private let sources: SharedSources
    private let logger: Logger

    package init(
        intake: RequestIntake, database: AnnotationDatabase, store: any BlobStore, settings: PipelineSettings,
        logger: Logger
    ) {
        self.database = database
        self.store = store
        self.intake = intake
        self.scratch = ScratchFolder(work: settings.folders.work)
        self.sources = SharedSources(store: store, settings: settings)
        self.logger = logger
    }

    /// Clears the object store of what crashes left there, and then looks until its task is cancelled: at jobs each
    /// time, at uploads without a job about every half minute.
    package func run(every interval: Duration) async {
        await self.clearStore()
        let clock = ContinuousClock()
        var nextUploads = clock.now
        while !Task.isCancelled {
            do throws(StoreError) {
                try await self.database.prepareOnce()
                try await self.perform(try await self.jobSteps())
                if clock.now >= nextUploads {
                    try await self.perform(try await self.uploadSteps())
                    try await self.removeCopiesOfSources()
                    nextUploads = clock.now + .seconds(30)
                }
            } catch {
                self.logger.warning("reconciling waits", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: interval)  // The only error is cancellation, which the loop notices.
        }
    }

    /// Everything that was found, also what is only told: work items whose workers are gone, uploads that nobody takes
    /// up.
    package func findings() async throws(StoreError) -> [RecoveryStep] {
        var steps = try await self.jobSteps()
        for item in try await self.database.workItems.abandoned() {
            steps.append(
                RecoveryStep(
                    description: "job \(item.jobId): the worker at \(item.work) is gone; another one takes it",
                    action: nil))
        }
        steps += try await self.uploadSteps(maximumAge: nil)
        return steps
    }

    /// Does each step; one that fails never stops the others.
    ///
    /// - Returns: how many failed.
    @discardableResult
    package func perform(_ steps: [RecoveryStep]) async throws(StoreError) -> Int {
        var failureCount = 0
        for step in steps {
            guard let action = step.action else { continue }
            do {
                try await action()
                self.logger.notice("recovered", metadata: ["step": "\(step)"])
            } catch {
                if let error = error as? StoreError, error.code == .unavailable { throw error }
                self.logger.error("not recovered", metadata: ["step": "\(step)", "error": "\(error)"])
                failureCount += 1
            }
        }
        return failureCount
    }

    private func clearStore() async {
        do throws(BlobError) {
            let count = try await self.store.removeOrphans()
            if count > 0 { self.logger.notice("removed \(count) pieces of interrupted uploads") }
        } catch {
            self.logger.warning("the object store was not cleared", metadata: ["error": "\(error)"])
        }
    }
}

// MARK: What there is to do

extension Reconciler {
    private func jobSteps() async throws(StoreError) -> [RecoveryStep] {
        var steps: [RecoveryStep] = []
        for attempt in self.scratch.attempts()
        where try await !self.database.workItems.isHeld(attempt.item, fence: attempt.fence) {
            steps.append(
                RecoveryStep(description: "temporary clip of unit \(attempt.item): nobody writes it; it is removed") {
                    self.scratch.remove(attempt)
                })
        }
        for job in try await self.database.jobs.unplanned(before: Date(timeIntervalSinceNow: -5)) {
            steps.append(
                RecoveryStep(description: "job \(job.id): not in the queue; it is queued again") {
                    try await self.queueAgain(job)
                })
        }
        for job in try await self.database.jobs.unannounced() {
            steps.append(
                RecoveryStep(description: "job \(job.id): ended and not announced; its upload is told") {
                    try await self.database.announce(job)
                })
        }
        for job in try await self.database.jobs.untidied()
        where try await !self.database.workItems.hasWorkers(on: job) {
            steps.append(
                RecoveryStep(description: "job \(job.id): ended early; what nobody sees of it is removed") {
                    try await self.tidy(job)
                })
        }
        return steps
    }

    private func uploadSteps(maximumAge: Duration? = OrphanedUpload.ages.upperBound) async throws(StoreError)
        -> [RecoveryStep]
    {
        try await self.database.uploads.stranded(maximumAge: maximumAge, limit: 1000).compactMap { upload in
            guard upload.verdict == .takeUp else {
                return maximumAge == nil ? RecoveryStep(description: "\(upload)", action: nil) : nil
            }
            return RecoveryStep(description: "\(upload)") { _ = try await self.intake.accept(fields: upload.fields) }
        }
    }

    /// Sources that this machine fetched for jobs that have ended.
    private func removeCopiesOfSources() async throws(StoreError) {
        let copies = self.sources.copies()
        guard !copies.isEmpty else { return }
        let live = try await self.database.jobs.headers(of: Array(copies)).filter(\.state.isLive).map(\.id)
        for id in copies where !live.contains(id) { self.sources.removeCopy(of: id) }
    }

    private func queueAgain(_ job: JobHeader) async throws {
        switch job.kind {
        case .processContent:
            if let job = try await self.database.jobs.find(job.id) { try await self.database.enqueue(job) }
        case .buildDataset:
            if let job = try await self.database.jobs.findDataset(job.id) { try await self.database.enqueue(job) }
        }
    }

    /// Removes objects that a job put without publishing them, and restores tasks that it had begun to remove,
    /// once none of its workers can put another.
    private func tidy(_ job: JobHeader) async throws {
        while case let keys = try await self.database.objects.unpublished(by: job), !keys.isEmpty {
            try await keys.concurrentForEach { key in
                try await self.store.remove(key)
                try await self.store.removeLeftovers(of: key)
            }
            try await self.database.objects.remove(keys)
        }
        // A newer run continues the replacement itself.
        if let uploadId = job.uploadId, try await self.database.jobs.latest(ofUpload: uploadId)?.id == job.id {
            try await self.database.replacedTasks.restoreAll(ofUpload: uploadId)
        }
        try await self.database.jobs.markTidied(job)
    }
}

/// One thing that a crash left undone, and what is done about it.
package struct RecoveryStep: Sendable, CustomStringConvertible {
    /// One line for a person.
    package let description: String
    /// `nil` for what is only told.
    let action: (@Sendable () async throws -> Void)?

    package var isOnlyTold: Bool { self.action == nil }
}
