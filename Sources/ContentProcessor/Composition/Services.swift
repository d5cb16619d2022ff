import ContentPipeline
import Hummingbird
import Logging
import ServiceConfiguration
import ServiceLifecycle
import UnixSignals

/// The whole service, joined in this one place.
func makeService(_ parts: Parts, configurationPath: String?) throws -> ServiceGroup {
    let app = parts.configuration.app
    let intake = RequestIntake(database: parts.database, settings: parts.settings)
    let router = makeRouter(
        intake: intake, database: parts.database, store: parts.store, keys: try parts.keyRing(), logger: parts.logger)
    let server = Application(
        router: router,
        server: .http1(
            configuration: .init(additionalChannelHandlers: [UpgradeRefusal()], idleTimeout: .seconds(60))),
        configuration: ApplicationConfiguration(
            address: .hostname(app.host, port: app.port), serverName: "content-processor"),
        onServerRunning: { channel in
            let address = channel.localAddress.map { "http://\($0.ipAddress ?? app.host):\($0.port ?? app.port)" }
            parts.logger.notice("listening on \(address ?? "an unknown address")")
        },
        logger: parts.logger)
    let reconciler = Reconciler(
        database: parts.database, store: parts.store, settings: parts.settings, logger: parts.logger)
    let supervisor = WorkerSupervisor(
        workerCount: parts.configuration.cores.usedCoreCount,
        configurationPath: configurationPath, database: parts.database, logger: parts.logger)
    // Stopped in reverse: no new requests first, then the workers.
    return makeGroup([supervisor, ReconcilerService(reconciler: reconciler), server], logger: parts.logger)
}

/// One worker process.
func makeWorker(_ parts: Parts, owner: String, isSupervised: Bool) -> ServiceGroup {
    let worker = Worker(
        owner: owner, database: parts.database, store: parts.store, settings: parts.settings, logger: parts.logger)
    let watch: [any Service] = isSupervised ? [ParentWatch()] : []
    return makeGroup([WorkerService(worker: worker)] + watch, logger: parts.logger)
}

/// SIGTERM and SIGINT stop the services in order; one that ends by itself stops the others.
private func makeGroup(_ services: [any Service], logger: Logger) -> ServiceGroup {
    var configuration = ServiceGroupConfiguration(
        services: services.map {
            ServiceGroupConfiguration.ServiceConfiguration(
                service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
        },
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    // What is not done by then goes back to the queue.
    configuration.maximumGracefulShutdownDuration = .seconds(60)
    return ServiceGroup(configuration: configuration)
}

/// The reconciler until the service stops.
private struct ReconcilerService: Service {
    let reconciler: Reconciler

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.reconciler.run(every: .seconds(2)) }
    }
}
