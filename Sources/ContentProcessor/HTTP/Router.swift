import Annotation
import ContentPipeline
import Hummingbird
import Logging
import MongoStore
import ServiceConfiguration

/// Every route of the service.
func makeRouter(
    intake: RequestIntake, database: AnnotationDatabase, store: any BlobStore, keys: KeyRing, logger: Logger
) -> Router<APIRequestContext> {
    let router = Router(context: APIRequestContext.self)
    router.add(middleware: ProblemMiddleware())
    HealthRoutes(database: database, store: store).add(to: router)
    let api = router.group("api").add(middleware: KeyMiddleware(keys: keys))
    ProcessContentRoute(intake: intake, database: database).add(to: api)
    JobRoutes(database: database).add(to: api)
    return router
}
