import Domain
import ContentPipeline
import DatasetBuilder
import Hummingbird
import JobWorker
import Logging
import MongoStore
import ServiceConfiguration
import ServiceLifecycle

/// The whole service, joined in this one place.
func makeService(_ dependencies: ServiceDependencies, configurationPath: String?) throws -> ServiceGroup {
    let app = dependencies.configuration.app
    let watch = JobWatch(database: dependencies.database, streamLimit: app.eventStreams, logger: dependencies.logger)
    let router = try makeRouter(dependencies.routeDependencies(watch: watch))
    let server = Application(
        router: router,
        server: .http1(
            configuration: .init(
                additionalChannelHandlers: [ContinueHandler(), UpgradeHandler()], idleTimeout: .seconds(60))),
        configuration: ApplicationConfiguration(
            address: .hostname(app.host, port: app.port), serverName: "content-processor"),
        onServerRunning: { channel in
            let address = channel.localAddress.map { "http://\($0.ipAddress ?? app.host):\($0.port ?? app.port)" }
            dependencies.logger.notice("listening on \(address ?? "an unknown address")")
            StartUpMemory.giveBack()
        },
        logger: dependencies.logger)
    let workers = makeWorkerServices(
        dependencies, count: dependencies.configuration.cores.usedCoreCount, configurationPath: configurationPath)
    // Stopped in reverse: event streams end first, as the server waits for them; then no new requests; then the
    // workers.
    return makeGroup(workers + [server, watch], logger: dependencies.logger)
}

/// The workers of a machine that does not serve requests.
func makeWorkers(_ dependencies: ServiceDependencies, count: Int, configurationPath: String?) -> ServiceGroup {
    makeGroup(
        makeWorkerServices(dependencies, count: count, configurationPath: configurationPath),
        logger: dependencies.logger)
}

private func makeWorkerServices(_ dependencies: ServiceDependencies, count: Int, configurationPath: String?)
    -> [any Service]
{
    let program = WorkerProgram(
        configurationPath: configurationPath,
        memoryLimitByteCount: dependencies.configuration.worker.memoryLimitByteCount)
    let supervisor = WorkerSupervisor(
        workerCount: count, program: program, database: dependencies.database,
        workFolder: dependencies.settings.folders.work, meter: dependencies.meter, logger: dependencies.logger)
    return [
        // Stopped last, when the others have counted all there is.
        MeterService(meter: dependencies.meter, ownership: dependencies.database.work, logger: dependencies.logger),
        supervisor,
        ReconcilerService(
            reconciler: dependencies.reconciler, pending: dependencies.pendingDatasets,
            retention: dependencies.retention),
    ]
}

/// A worker for every kind of job.
func makeWorker(_ dependencies: ServiceDependencies, owner: String) -> Worker {
    let uploads = UploadHandler(
        database: dependencies.database, store: dependencies.store, transport: dependencies.transport,
        settings: dependencies.settings, meter: dependencies.meter)
    let datasets = DatasetHandler(
        database: dependencies.database, store: dependencies.store, settings: dependencies.datasets,
        logger: dependencies.logger)
    return Worker(
        owner: owner, database: dependencies.database, handlers: [.processContent: uploads, .buildDataset: datasets],
        lease: dependencies.settings.lease, attempts: dependencies.settings.attempts, meter: dependencies.meter,
        logger: dependencies.logger)
}

/// One worker process.
///
/// - Parameter supervisor: the process that started it.
func makeWorker(_ dependencies: ServiceDependencies, owner: String, supervisor: Int32) -> ServiceGroup {
    let worker = makeWorker(dependencies, owner: owner)
    let niceness = Niceness(value: dependencies.configuration.worker.niceness)
    return makeGroup(
        [WorkerService(worker: worker), ParentWatch(parent: supervisor), niceness], logger: dependencies.logger)
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
