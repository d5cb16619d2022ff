import Annotation
import ContentPipeline
import DatasetBuilder
import Hummingbird
import MongoStore
import ServiceConfiguration

/// What the routes need.
struct RouteParts {
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
func makeRouter(_ parts: RouteParts) throws -> Router<APIRequestContext> {
    let router = Router(context: APIRequestContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestIDMiddleware())
    router.add(middleware: CrossOrigin(origins: parts.app.corsOrigins))
    router.add(middleware: TimingMiddleware(durations: parts.metrics.durations))
    router.add(middleware: ProblemMiddleware())
    HealthRoutes(database: parts.database, store: parts.store, workFolder: parts.workFolder).add(to: router)
    try OpenAPIRoute().add(to: router)
    // Prometheus scrapes inside the operator's network.
    let scraping = router.group()
    if parts.app.metricsNeedKey { scraping.add(middleware: KeyMiddleware(keys: parts.keys)) }
    parts.metrics.add(to: scraping)
    // The backend that is in use sends no key here.
    let datasetKeys = KeyMiddleware(keys: parts.keys, isKeyNeeded: !parts.app.allowsUnkeyedDatasetRequests)
    CreateDataSetRoute(intake: parts.datasets).add(to: router.group("api").add(middleware: datasetKeys))
    let keys = KeyMiddleware(keys: parts.keys)
    let tokens = EventTokens(keys: parts.keys)
    JobEventsRoute(database: parts.database, watch: parts.watch, tokens: tokens)
        .add(to: router.group("api").add(middleware: EventAccess(tokens: tokens, keys: keys)))
    let api = router.group("api").add(middleware: keys)
    ProcessContentRoute(intake: parts.intake, database: parts.database, tokens: tokens).add(to: api)
    JobRoutes(database: parts.database, tokens: tokens).add(to: api)
    AutoAnnotationRoutes(annotators: parts.annotators, upload: ModelUpload(folder: parts.modelFolder)).add(to: api)
    router.add(middleware: MethodRefusal(router: router))
    return router
}
