import Domain
import ContentPipeline
import Crypto
import DatasetBuilder
import FoundationEssentials
import Logging
import MongoStore
import ObjectStore
import Bootstrap
import ServiceConfiguration
import ServiceMetrics

/// What both `serve` and `work` are made of: the configuration, and the outside systems that it names.
struct ServiceDependencies {
    let configuration: Configuration
    let database: AnnotationDatabase
    let store: any BlobStore
    /// What this process counts for the sums of all machines.
    let meter: WorkMeter
    /// What it counts for itself.
    let metrics = PrometheusMetrics(help: TimingMiddleware.help)
    /// For inference servers.
    let transport: any HTTPTransport
    let annotators: AnnotatorRegistry
    let settings: PipelineSettings
    let datasets: DatasetSettings
    let logger: Logger

    /// Opens nothing over the network yet: a service starts, and says so, while the database is still away.
    init(configuration: Configuration, role: String) throws {
        let logger = Logger(role: role, configuration.log)
        for notice in configuration.notices { logger.warning("\(notice)") }
        self.configuration = configuration
        self.logger = logger
        self.settings = PipelineSettings(configuration)
        let systems = try Stores(configuration, clientCount: role == "serve" ? 8 : 3)
        self.database = systems.database
        self.store = systems.store
        self.meter = systems.meter
        self.datasets = DatasetSettings(configuration)
        // The outputs of a batch of large pictures, as JSON.
        self.transport = try CurlClient(connections: 2, answerByteCount: 256 << 20)
        self.annotators = AnnotatorRegistry(database: self.database, store: self.store, settings: self.settings)
    }

    var intake: RequestIntake {
        RequestIntake(database: self.database, annotators: self.annotators, settings: self.settings)
    }

    var datasetIntake: DatasetIntake { DatasetIntake(database: self.database, settings: self.datasets) }

    var pendingDatasets: PendingDatasets {
        PendingDatasets(intake: self.datasetIntake, database: self.database, logger: self.logger)
    }

    var reconciler: Reconciler {
        Reconciler(
            intake: self.intake, database: self.database, store: self.store, settings: self.settings,
            logger: self.logger)
    }

    func routeDependencies(watch: JobWatch) throws -> RouteDependencies {
        RouteDependencies(
            intake: self.intake, datasets: self.datasetIntake, database: self.database, store: self.store,
            workFolder: WorkFolder(settings: self.settings), annotators: self.annotators,
            modelFolder: "\(self.settings.folders.work)/models", keys: try self.keyRing(), watch: watch,
            metrics: MetricsRoute(cluster: ClusterMetrics(database: self.database), metrics: self.metrics),
            app: self.configuration.app)
    }

    var retention: Retention {
        let retention = self.configuration.retention
        return Retention(
            rules: RetentionRules(
                sources: retention.sourceVideos, workFiles: retention.workFiles, jobs: retention.finishedJobs),
            database: self.database, store: self.store, settings: self.settings, logger: self.logger)
    }

    /// The keys that callers may present; the first start makes one where none is configured.
    func keyRing() throws -> KeyRing {
        var keys = self.configuration.app.keys
        if keys.isEmpty {
            let file = ServiceKeyFile(workFolder: self.configuration.folders.work)
            let (key, isNew) = try file.readOrMake()
            self.logger.notice("\(isNew ? "made an API key; it" : "the API key") is kept in \(file.path)")
            keys = [key]
        }
        return try KeyRing(keys) { Array(SHA256.hash(data: Data($0.utf8))) }
    }
}
