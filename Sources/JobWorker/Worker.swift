package import Domain
internal import Failures
package import Logging
package import MongoStore
internal import Synchronization
internal import Tracing

/// Takes work items from the queue and has them done, one at a time.
///
/// Thread rule: one task calls ``run()``; any thread may call ``stop()``.
package final class Worker: Sendable {
    private let owner: String
    private let database: AnnotationDatabase
    private let handlers: [JobKind: any WorkHandler]
    private let lease: Duration
    private let attempts: AttemptPolicy
    private let meter: WorkMeter
    private let logger: Logger
    private let isStopping = Atomic<Bool>(false)

    /// - Parameters:
    ///   - owner: a name that no other worker has, now or earlier.
    ///   - handlers: who does the work items of each kind of job; other kinds are left to other workers.
    ///   - meter: what the handlers count; recorded after each work item.
    package init(
        owner: String, database: AnnotationDatabase, handlers: [JobKind: any WorkHandler], lease: Duration,
        attempts: AttemptPolicy, meter: WorkMeter, logger: Logger
    ) {
        self.owner = owner
        self.database = database
        self.handlers = handlers
        self.lease = lease
        self.attempts = attempts
        self.meter = meter
        self.logger = logger
    }

    /// Ends ``run()`` once the present work item is done.
    package func stop() { self.isStopping.store(true, ordering: .relaxed) }

    /// Works until ``stop()`` or until its task is cancelled; then the present work item goes back to the queue.
    package func run() async {
        var affinity: JobAffinity?
        while !self.isStopping.load(ordering: .relaxed), !Task.isCancelled {
            do throws(StoreError) {
                try await self.database.prepareOnce()
                guard
                    let item = try await self.database.workItems.take(
                        by: self.owner, lease: self.lease, of: Set(self.handlers.keys), after: affinity)
                else {
                    await Self.pause(for: .milliseconds(250))
                    continue
                }
                affinity = JobAffinity(after: affinity, taking: item)
                if item.isTakenOver == true { self.meter.add(to: .leaseLosses) }
                try await self.attend(to: item)
                try await self.database.work.record(self.meter)
            } catch {
                self.logger.warning("waiting for the database", metadata: ["error": "\(error)"])
                await Self.pause(for: .seconds(2))
            }
        }
    }

    private func attend(to item: WorkItem) async throws(StoreError) {
        guard let job = try await self.database.jobs.header(of: item.jobId), job.state.isLive,
            let handler = self.handlers[item.jobKind]
        else {
            // Its job ended between two looks: out of the queue with it, and nobody need wait for this worker.
            try await self.database.workItems.stop(item)
            try await self.database.workItems.acknowledgeStop(by: self.owner)
            return
        }
        let logger = self.logger(for: item, of: job)
        if let error = self.attempts.exhaustion(of: item) {
            try await self.skip(item, of: job, by: handler, error, logger)
            return
        }
        do {
            try await WorkItemLog(logger: logger).listening {
                try await self.handle(item, of: job, by: handler)
            }
            logger.info("work item done")
        } catch {
            let failure = AttemptPolicy.Failure(error)
            let verdict = self.attempts.verdict(on: failure, attempts: item.attempts)
            // Work that waits for other work has broken nothing: what is open stays open.
            if failure != .notYet {
                handler.releaseResources(job: job.id)
                logger.warning("work item not done", metadata: ["error": "\(error)"])
            }
            if case .end(.quarantined, let error) = verdict {
                try await self.skip(item, of: job, by: handler, error, logger)
            } else {
                try await self.settle(item, of: job, verdict)
            }
        }
    }

    /// No further attempt: the job continues without the work item where it can, and is quarantined where it cannot.
    private func skip(
        _ item: WorkItem, of job: JobHeader, by handler: any WorkHandler, _ error: JobError, _ logger: Logger
    ) async throws(StoreError) {
        do {
            if try await handler.skip(item, of: job, because: error) {
                logger.error("work item skipped", metadata: ["error": "\(error.message)"])
                return
            }
        } catch {
            let verdict = self.attempts.verdict(on: AttemptPolicy.Failure(error), attempts: item.attempts)
            try await self.settle(item, of: job, verdict)
            return
        }
        logger.error("job quarantined", metadata: ["error": "\(error.message)"])
        try await self.settle(item, of: job, .end(.quarantined, error))
    }

    /// A logger whose lines name what they are about.
    private func logger(for item: WorkItem, of job: JobHeader) -> Logger {
        var logger = self.logger
        logger[metadataKey: "job"] = "\(job.id)"
        logger[metadataKey: "\(job.kind.subjectName)"] = "\(job.subjectId)"
        if case .part(let index) = item.work {
            logger[metadataKey: job.kind.partName] = "\(index)"
        } else {
            logger[metadataKey: "work"] = "\(item.work)"
        }
        return logger
    }

    /// Does the work while another task renews the lease; whichever ends first ends both.
    private func handle(_ item: WorkItem, of job: JobHeader, by handler: any WorkHandler) async throws {
        try await withSpan("\(job.kind.rawValue) \(item.kind)", ofKind: .consumer) { span in
            span.attributes["job.id"] = "\(job.id)"
            span.attributes["work_item.id"] = "\(item.id)"
            if let part = item.part { span.attributes["work_item.part"] = part }
            span.attributes["work_item.attempts"] = item.attempts
            try await self.handleUnderLease(item, of: job, by: handler)
        }
    }

    private func handleUnderLease(
        _ item: WorkItem, of job: JobHeader, by handler: any WorkHandler
    ) async throws {
        let counter = FrameCounter()
        let processorTime = ProcessorTimeLimit(for: job)
        processorTime.restart()
        defer { ProcessorTimeLimit.lift() }
        let keeper = LeaseKeeper(
            item: item, job: job, handler: handler, counter: counter, queue: self.database.workItems, lease: self.lease,
            processorTime: processorTime)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keeper.run() }
            group.addTask { try await handler.handle(item, of: job, counting: counter) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func settle(
        _ item: WorkItem, of job: JobHeader, _ verdict: AttemptPolicy.Verdict
    ) async throws(StoreError) {
        switch verdict {
        case .abandon where Task.isCancelled:
            try await self.database.workItems.release(item, after: .zero, countsAsAttempt: false, error: nil)
        case .abandon:
            try await self.database.workItems.acknowledgeStop(by: self.owner)
        case .retry(let delay, let counts, let error):
            try await self.database.workItems.release(item, after: delay, countsAsAttempt: counts, error: error)
        case .end(let state, let error):
            try await self.database.end(job, as: state, error)
            try await self.database.workItems.acknowledgeStop(by: self.owner)
        }
    }

    /// Returns early when the task is cancelled, which the caller's loop notices.
    private static func pause(for duration: Duration) async {
        try? await Task.sleep(for: duration)  // The only error is cancellation.
    }
}

extension JobKind {
    /// What the log calls the subject of such a job.
    fileprivate var subjectName: String {
        switch self {
        case .processContent: "upload"
        case .buildDataset: "version"
        }
    }

    /// What the log calls a part of such a job.
    fileprivate var partName: String {
        switch self {
        case .processContent: "clip"
        case .buildDataset: "task"
        }
    }
}
