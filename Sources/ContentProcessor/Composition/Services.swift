import Annotation
import ContentPipeline
import DatasetBuilder
import Hummingbird
import JobWorker
import Logging
import MongoStore
import ServiceConfiguration
import ServiceLifecycle

/// The whole service, joined in this one place.
func makeService(_ parts: Parts, configurationPath: String?) throws -> ServiceGroup {
    let app = parts.configuration.app
    let watch = JobWatch(database: parts.database, streamLimit: app.eventStreams, logger: parts.logger)
    let router = try makeRouter(parts.routeParts(watch: watch))
    let server = Application(
        router: router,
        server: .http1(
            configuration: .init(
                additionalChannelHandlers: [ContinueAnswer(), UpgradeRefusal()], idleTimeout: .seconds(60))),
        configuration: ApplicationConfiguration(
            address: .hostname(app.host, port: app.port), serverName: "content-processor"),
        onServerRunning: { channel in
            let address = channel.localAddress.map { "http://\($0.ipAddress ?? app.host):\($0.port ?? app.port)" }
            parts.logger.notice("listening on \(address ?? "an unknown address")")
            StartUpMemory.giveBack()
        },
        logger: parts.logger)
    let workers = makeWorkerServices(
        parts, count: parts.configuration.cores.usedCoreCount, configurationPath: configurationPath)
    // Stopped in reverse: event streams end first, as the server waits for them; then no new requests; then the workers.
    return makeGroup(workers + [server, watch], logger: parts.logger)
}

/// The workers of a machine that does not serve requests.
func makeWorkers(_ parts: Parts, count: Int, configurationPath: String?) -> ServiceGroup {
    makeGroup(
        makeWorkerServices(parts, count: count, configurationPath: configurationPath), logger: parts.logger)
}

private func makeWorkerServices(_ parts: Parts, count: Int, configurationPath: String?) -> [any Service] {
    let program = WorkerProgram(
        configurationPath: configurationPath,
        memoryLimitByteCount: parts.configuration.worker.memoryLimitByteCount)
    let supervisor = WorkerSupervisor(
        workerCount: count, program: program, database: parts.database,
        workFolder: parts.settings.folders.work, meter: parts.meter, logger: parts.logger)
    return [
        // Stopped last, when the others have counted all there is.
        MeterService(meter: parts.meter, ledger: parts.database.work, logger: parts.logger), supervisor,
        ReconcilerService(
            reconciler: parts.reconciler, pending: parts.pendingDatasets, retention: parts.retention),
    ]
}

/// One worker process.
///
/// - Parameter supervisor: the process that started it.
func makeWorker(_ parts: Parts, owner: String, supervisor: Int32) -> ServiceGroup {
    let uploads = UploadUnits(
        database: parts.database, store: parts.store, exchange: parts.exchange, settings: parts.settings,
        meter: parts.meter)
    let datasets = DatasetUnits(
        database: parts.database, store: parts.store, settings: parts.datasets, logger: parts.logger)
    let worker = Worker(
        owner: owner, database: parts.database, performers: [.processContent: uploads, .buildDataset: datasets],
        lease: parts.settings.lease, attempts: parts.settings.attempts, meter: parts.meter, logger: parts.logger)
    let niceness = Niceness(value: parts.configuration.worker.niceness)
    return makeGroup(
        [WorkerService(worker: worker), ParentWatch(parent: supervisor), niceness], logger: parts.logger)
}

/// Services that stop in reverse order; one that ends by itself stops the others.
private func makeGroup(_ services: [any Service], logger: Logger) -> ServiceGroup {
    var configuration = ServiceGroupConfiguration(
        services: services.map {
            ServiceGroupConfiguration.ServiceConfiguration(
                service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
        },
        logger: logger)
    // What is not done by then goes back to the queue.
    configuration.maximumGracefulShutdownDuration = .seconds(60)
    return ServiceGroup(configuration: configuration)
}

/// Takes up what an earlier run of the service left, and then reconciles, and removes what is old enough, until the
/// service stops.
private struct ReconcilerService: Service {
    let reconciler: Reconciler
    let pending: PendingDatasets
    let retention: Retention

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await self.pending.takeUp()
            async let removal: Void = self.retention.run()
            await self.reconciler.run(every: .seconds(2))
            await removal
        }
    }
}
