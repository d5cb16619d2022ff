import Domain
import ContentPipeline
import DatasetBuilder
import Hummingbird
import MongoStore
import ObjectStore
import ServiceConfiguration

/// What the routes need.
struct RouteDependencies {
    let intake: RequestIntake
    let datasets: DatasetIntake
    let database: AnnotationDatabase
    let store: any BlobStore
    let workFolder: WorkFolder
    let annotators: AnnotatorRegistry
    /// For models that come with a request.
    let modelFolder: String
    let keys: KeyRing
    let watch: JobWatch
    let metrics: MetricsRoute
    let app: AppSettings
}

/// Every route of the service.
func makeRouter(_ dependencies: RouteDependencies) throws -> Router<APIRequestContext> {
    let router = Router(context: APIRequestContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestIDMiddleware())
    router.add(middleware: CrossOrigin(origins: dependencies.app.corsOrigins))
    router.add(middleware: TimingMiddleware(metrics: dependencies.metrics.metrics))
    router.add(middleware: ProblemMiddleware())
    HealthRoutes(database: dependencies.database, store: dependencies.store, workFolder: dependencies.workFolder).add(
        to: router)
    try OpenAPIRoute().add(to: router)
    // Prometheus scrapes inside the operator's network.
    let scraping = router.group()
    if dependencies.app.metricsNeedKey { scraping.add(middleware: KeyMiddleware(keys: dependencies.keys)) }
    dependencies.metrics.add(to: scraping)
    // The backend that is in use sends no key here.
    let datasetKeys = KeyMiddleware(
        keys: dependencies.keys, isKeyNeeded: !dependencies.app.allowsUnkeyedDatasetRequests)
    CreateDataSetRoute(intake: dependencies.datasets).add(to: router.group("api").add(middleware: datasetKeys))
    let keys = KeyMiddleware(keys: dependencies.keys)
    let tokens = EventTokens(keys: dependencies.keys)
    JobEventsRoute(database: dependencies.database, watch: dependencies.watch, tokens: tokens)
        .add(to: router.group("api").add(middleware: EventAccess(tokens: tokens, keys: keys)))
    let api = router.group("api").add(middleware: keys)
    ProcessContentRoute(
        intake: dependencies.intake, database: dependencies.database, watch: dependencies.watch, tokens: tokens
    ).add(to: api)
    JobRoutes(database: dependencies.database, tokens: tokens).add(to: api)
    AutoAnnotationRoutes(annotators: dependencies.annotators, upload: ModelUpload(folder: dependencies.modelFolder))
        .add(to: api)
    router.add(middleware: MethodNotAllowed(router: router))
    return router
}
