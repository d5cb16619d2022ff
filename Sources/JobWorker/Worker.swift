package import Annotation
internal import Failures
package import Logging
package import MongoStore
internal import Synchronization

/// Takes units from the queue and has them done, one at a time.
///
/// Thread rule: one task calls ``run()``; any thread may call ``stop()``.
package final class Worker: Sendable {
    private let owner: String
    private let database: AnnotationDatabase
    private let performers: [JobKind: any UnitPerformer]
    private let lease: Duration
    private let attempts: AttemptPolicy
    private let meter: WorkMeter
    private let logger: Logger
    private let isStopping = Atomic<Bool>(false)

    /// - Parameters:
    ///   - owner: a name that no other worker has, now or earlier.
    ///   - performers: who does the units of each kind of job; other kinds are left to other workers.
    ///   - meter: what the performers count; recorded after each unit.
    package init(
        owner: String, database: AnnotationDatabase, performers: [JobKind: any UnitPerformer], lease: Duration,
        attempts: AttemptPolicy, meter: WorkMeter, logger: Logger
    ) {
        self.owner = owner
        self.database = database
        self.performers = performers
        self.lease = lease
        self.attempts = attempts
        self.meter = meter
        self.logger = logger
    }

    /// Ends ``run()`` once the present unit is done.
    package func stop() { self.isStopping.store(true, ordering: .relaxed) }

    /// Works until ``stop()`` or until its task is cancelled; then the present unit goes back to the queue.
    package func run() async {
        var streak: UnitStreak?
        while !self.isStopping.load(ordering: .relaxed), !Task.isCancelled {
            do throws(StoreError) {
                try await self.database.prepareOnce()
                guard
                    let unit = try await self.database.units.take(
                        by: self.owner, lease: self.lease, of: Set(self.performers.keys), after: streak)
                else {
                    await Self.pause(for: .milliseconds(250))
                    continue
                }
                streak = UnitStreak(after: streak, taking: unit)
                if unit.isTakenOver == true { self.meter.add(to: .leaseLosses) }
                try await self.attend(to: unit)
                try await self.database.work.record(self.meter)
            } catch {
                self.logger.warning("waiting for the database", metadata: ["error": "\(error)"])
                await Self.pause(for: .seconds(2))
            }
        }
    }

    private func attend(to unit: JobUnit) async throws(StoreError) {
        guard let job = try await self.database.jobs.outline(of: unit.jobId), job.state.isLive,
            let performer = self.performers[unit.jobKind]
        else {
            // Its job ended between two looks: out of the queue with it.
            try await self.database.units.stop(unit)
            return
        }
        let logger = self.logger(for: unit, of: job)
        if let error = self.attempts.exhaustion(of: unit) {
            try await self.giveUp(unit, of: job, by: performer, error, logger)
            return
        }
        do {
            try await UnitMessages(logger: logger).listening {
                try await self.perform(unit, of: job, by: performer)
            }
            logger.info("unit done")
        } catch {
            performer.forget(job: job.id)
            let failure = AttemptPolicy.Failure(error)
            let verdict = self.attempts.verdict(on: failure, attempts: unit.attempts)
            if failure != .notYet { logger.warning("unit not done", metadata: ["error": "\(error)"]) }
            if case .end(.quarantined, let error) = verdict {
                try await self.giveUp(unit, of: job, by: performer, error, logger)
            } else {
                try await self.settle(unit, of: job, verdict)
            }
        }
    }

    /// No further attempt: the job goes on without the unit where it can, and is quarantined where it cannot.
    private func giveUp(
        _ unit: JobUnit, of job: JobOutline, by performer: any UnitPerformer, _ error: JobError, _ logger: Logger
    ) async throws(StoreError) {
        do {
            if try await performer.giveUp(unit, because: error) {
                logger.error("unit given up", metadata: ["error": "\(error.message)"])
                return
            }
        } catch {
            let verdict = self.attempts.verdict(on: AttemptPolicy.Failure(error), attempts: unit.attempts)
            try await self.settle(unit, of: job, verdict)
            return
        }
        logger.error("job quarantined", metadata: ["error": "\(error.message)"])
        try await self.settle(unit, of: job, .end(.quarantined, error))
    }

    /// A logger whose lines name what they are about.
    private func logger(for unit: JobUnit, of job: JobOutline) -> Logger {
        var logger = self.logger
        logger[metadataKey: "job"] = "\(job.id)"
        logger[metadataKey: "\(job.kind.subjectName)"] = "\(job.subjectId)"
        if case .piece(let index) = unit.work {
            logger[metadataKey: job.kind.pieceName] = "\(index)"
        } else {
            logger[metadataKey: "unit"] = "\(unit.work)"
        }
        return logger
    }

    /// Does the work while another task renews the lease; whichever ends first ends both.
    private func perform(_ unit: JobUnit, of job: JobOutline, by performer: any UnitPerformer) async throws {
        let counter = FrameCounter()
        let processorTime = ProcessorTimeLimit(for: job)
        processorTime.restart()
        defer { ProcessorTimeLimit.lift() }
        let keeper = LeaseKeeper(
            unit: unit, performer: performer, counter: counter, queue: self.database.units, lease: self.lease,
            processorTime: processorTime)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await keeper.run() }
            group.addTask { try await performer.perform(unit, counting: counter) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func settle(
        _ unit: JobUnit, of job: JobOutline, _ verdict: AttemptPolicy.Verdict
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

extension JobKind {
    /// What the log calls the subject of such a job.
    fileprivate var subjectName: String {
        switch self {
        case .processContent: "upload"
        case .buildDataset: "version"
        }
    }

    /// What the log calls a piece of such a job.
    fileprivate var pieceName: String {
        switch self {
        case .processContent: "clip"
        case .buildDataset: "task"
        }
    }
}
