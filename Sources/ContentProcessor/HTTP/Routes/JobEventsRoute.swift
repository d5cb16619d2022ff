import Domain
import HTTPTypes
import Hummingbird
import MongoStore

/// `GET /api/jobs/{id}/events`: the job as server-sent events, until it ends.
struct JobEventsRoute: Sendable {
    let database: AnnotationDatabase
    let watch: JobWatch
    let tokens: EventTokens

    func add(to group: RouterGroup<APIRequestContext>) {
        group.get("jobs/:id/events") { request, context in
            let snapshot = try await self.database.job(context)
            let feed = JobFeed(lastEventId: request.headers[.lastEventId])
            var rest = feed
            if !snapshot.job.state.isLive, rest.news(snapshot) == nil {
                // The client knows the end; with this answer an EventSource asks no more.
                return Response(status: .noContent)
            }
            let stream = JobEventStream(
                links: self.tokens.links(to: snapshot.job.id), looks: try self.watch.looks(at: snapshot.job.id),
                channel: context.channel, first: snapshot, feed: feed)
            return Response(status: .ok, headers: Self.headers, body: stream.body)
        }
    }

    private static let headers: HTTPFields = [
        .contentType: ServerSentEvent.contentType, .cacheControl: "no-store",
        // nginx would collect events until a buffer is full.
        .accelBuffering: "no",
    ]
}

/// Lets past who has a key, or the token of the job's link.
struct EventAccess: RouterMiddleware {
    let tokens: EventTokens
    let keys: KeyMiddleware

    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let token = try request.parameters()["token"] else {
            return try await self.keys.handle(request, context: context, next: next)
        }
        guard let job = context.parameters.get("id").flatMap(ObjectID.init), self.tokens.accepts(token, for: job) else {
            throw EventTokens.rejection
        }
        return try await next(request, context)
    }
}

extension AnnotationDatabase {
    /// The job that a route's path names.
    ///
    /// - Throws: ``Problem`` with 404.
    func job(_ context: APIRequestContext) async throws -> JobSnapshot {
        guard let id = context.parameters.get("id").flatMap(ObjectID.init), let job = try await self.snapshot(of: id)
        else { throw Problem.notFound("There is no such job.") }
        return job
    }
}

extension HTTPField.Name {
    /// As ``apiKey``, names that are tokens always give a value.
    fileprivate static let lastEventId = HTTPField.Name("Last-Event-ID") ?? .range
    fileprivate static let accelBuffering = HTTPField.Name("X-Accel-Buffering") ?? .cacheControl
}
