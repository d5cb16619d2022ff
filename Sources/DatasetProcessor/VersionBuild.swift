import Domain
import Bootstrap
import DatasetBuilder
import JobWorker
import MongoStore
import ServiceConfiguration

/// One build of one version: the job is made or joined, workers of this process help with it, and the display follows
/// it to its end.
struct VersionBuild: Sendable {
    let program: Program
    let version: ObjectID

    struct Result: Sendable {
        let job: DatasetJob
        /// One line for each task that failed, or for the job.
        let failures: [String]
        let droppedBoxes: DroppedBoxes
        /// What could not be done as it was asked, one sentence each.
        let problems: [String]
        let duration: Duration

        var isComplete: Bool { self.job.state == .succeeded }
    }

    func run() async throws -> Result {
        let start = ContinuousClock.now
        var job = try await self.runOnce()
        // A job that was there already may have been asked for less.
        let isPartial = job.state == .succeeded && job.request != self.program.options.request
        let isOutdated = job.state == .cancelled && job.error?.code == 409
        if isPartial || isOutdated { job = try await self.runOnce() }
        let database = self.program.systems.database
        return Result(
            job: job, failures: try await self.failures(of: job),
            droppedBoxes: try await database.datasetRecords.droppedBoxes(of: self.version),
            problems: try await database.datasets.status(of: self.version)?.problems ?? [],
            duration: start.duration(to: .now))
    }

    private func runOnce() async throws -> DatasetJob {
        let database = self.program.systems.database
        let intake = DatasetIntake(database: database, settings: self.program.settings)
        let job = try await intake.start(self.version, self.program.options.request)
        return try await withThrowingTaskGroup(of: DatasetJob?.self) { group in
            for worker in self.workers() {
                group.addTask {
                    await worker.run()
                    return nil
                }
            }
            group.addTask { try await self.follow(job.id) }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let ended { return ended }
            }
            throw CancellationError()
        }
    }

    private func workers() -> [Worker] {
        let program = self.program
        let items = DatasetHandler(
            database: program.systems.database, store: program.systems.store, settings: program.settings,
            logger: program.logger)
        return (0..<program.workerCount).map { _ in
            Worker(
                owner: WorkerName.make(), database: program.systems.database, handlers: [.buildDataset: items],
                lease: program.configuration.worker.lease,
                attempts: AttemptPolicy(attemptLimit: program.configuration.worker.attempts),
                meter: program.systems.meter, logger: program.logger)
        }
    }

    /// Shows the job's progress until it has ended, also while the database is away for some time.
    private func follow(_ id: ObjectID) async throws -> DatasetJob {
        var display = BuildDisplay(isQuiet: self.program.options.json)
        while true {
            do {
                if let job = try await self.look(at: id, &display) {
                    display.end()
                    return job
                }
            } catch let error as StoreError where error.code == .unavailable {
                display.show(stall: "waiting for the database")
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// The job when it has ended; shows how far it is otherwise.
    private func look(at id: ObjectID, _ display: inout BuildDisplay) async throws -> DatasetJob? {
        let database = self.program.systems.database
        guard let snapshot = try await database.snapshot(of: id) else { return nil }
        if snapshot.job.plan != nil { display.show(snapshot.progress) }
        guard snapshot.job.state.isLive else { return try await database.jobs.findDataset(id) }
        if let stall = snapshot.stall { display.show(stall: stall.error.message) }
        return nil
    }

    private func failures(of job: DatasetJob) async throws -> [String] {
        guard job.state != .succeeded else { return [] }
        let status = try await self.program.systems.database.datasets.status(of: self.version)
        let tasks = status?.failures.compactMap { task in task.error.map { "task \(task.id): \($0)" } } ?? []
        guard tasks.isEmpty else { return tasks }
        return ["version \(self.version): \(job.error?.message ?? job.state.rawValue)"]
    }
}
