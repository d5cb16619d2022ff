import CoreMetrics
import HTTPTypes
import Hummingbird
import Metrics

/// Records how long answers take, by route.
///
/// Not Hummingbird's own `MetricsMiddleware`: that one counts under names of its own, without the status, and takes any
/// method that a client sends for a label.
struct TimingMiddleware: RouterMiddleware {
    let metrics: any MetricsFactory

    static let metric = "content_processor_http_request_duration_seconds"
    static let help = [
        Self.metric: "Time from a request's head to the head of its answer, by route template, method and status."
    ]

    private static let knownMethods: Set = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let clock = ContinuousClock()
        let start = clock.now
        let response = try await next(request, context)
        self.record(
            clock.now - start, method: request.method.rawValue, path: context.endpointPath,
            status: response.status.code)
        return response
    }

    /// - Parameter path: the route's template, such as `/api/jobs/{id}`; `nil` or the router's own word where there was
    ///   no route. Few values each, whatever clients send.
    func record(_ duration: Duration, method: String, path: String?, status: Int) {
        let isKnown = Self.knownMethods.contains(method)
        Timer(
            label: Self.metric,
            dimensions: [
                ("method", isKnown ? method : "OTHER"),
                ("route", path.flatMap { $0 == "NotFound" ? nil : $0 } ?? "none"), ("status", "\(status)"),
            ], factory: self.metrics
        ).record(duration: duration)
    }
}
