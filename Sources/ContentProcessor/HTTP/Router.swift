import Annotation
import ContentPipeline
import DatasetBuilder
import Hummingbird
import Logging
import MongoStore
import ServiceConfiguration

/// Every route of the service.
func makeRouter(
    intake: RequestIntake, datasets: DatasetIntake, allowsUnkeyedDatasets: Bool, database: AnnotationDatabase,
    store: any BlobStore, workFolder: WorkFolder, annotators: AnnotatorRegistry, modelFolder: String, keys: KeyRing,
    logger: Logger
) -> Router<APIRequestContext> {
    let router = Router(context: APIRequestContext.self)
    router.add(middleware: ProblemMiddleware())
    HealthRoutes(database: database, store: store, workFolder: workFolder).add(to: router)
    // The backend that is in use sends no key here.
    let datasetKeys = KeyMiddleware(keys: keys, isKeyNeeded: !allowsUnkeyedDatasets)
    CreateDataSetRoute(intake: datasets).add(to: router.group("api").add(middleware: datasetKeys))
    let api = router.group("api").add(middleware: KeyMiddleware(keys: keys))
    ProcessContentRoute(intake: intake, database: database).add(to: api)
    JobRoutes(database: database).add(to: api)
    AutoAnnotationRoutes(annotators: annotators, upload: ModelUpload(folder: modelFolder)).add(to: api)
    return router
}
