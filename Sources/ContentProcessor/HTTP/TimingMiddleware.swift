import HTTPTypes
import Hummingbird
import ServiceMetrics

/// Records how long answers take, by route.
struct TimingMiddleware: RouterMiddleware {
    let durations: RequestDurations

    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let clock = ContinuousClock()
        let start = clock.now
        let response = try await next(request, context)
        // The router's own word for no route.
        let path = context.endpointPath == "NotFound" ? nil : context.endpointPath
        self.durations.record(
            clock.now - start,
            of: .init(method: request.method.rawValue, path: path, status: response.status.code))
        return response
    }
}
