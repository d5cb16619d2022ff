internal import Synchronization

/// How long this process has taken to answer requests, by route.
///
/// Thread rule: any thread.
package final class RequestDurations: Sendable {
    /// What requests are told apart by; few values each, whatever clients send.
    package struct Route: Hashable, Sendable {
        /// `OTHER` for methods that no route has.
        package let method: String
        /// The route's template, such as `/api/jobs/{id}`.
        package let path: String
        package let status: Int

        private static let knownMethods: Set = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

        /// - Parameter path: of the route; `nil` where there was none.
        package init(method: String, path: String?, status: Int) {
            self.method = Self.knownMethods.contains(method) ? method : "OTHER"
            self.path = path ?? "none"
            self.status = status
        }
    }

    private let histograms = Mutex<[Route: DurationHistogram]>([:])

    package init() {}

    package func record(_ duration: Duration, of route: Route) {
        self.histograms.withLock { $0[route, default: DurationHistogram()].record(duration) }
    }

    package var family: MetricFamily {
        let histograms = self.histograms.withLock { $0 }
        let sorted = histograms.sorted { left, right in
            (left.key.path, left.key.method, left.key.status) < (right.key.path, right.key.method, right.key.status)
        }
        return MetricFamily(
            "content_processor_http_request_duration_seconds", .histogram,
            "Time from a request's head to the head of its answer, by route template, method and status.",
            samples: sorted.flatMap { route, histogram in
                histogram.samples(labels: [
                    .init("method", route.method), .init("route", route.path), .init("status", "\(route.status)"),
                ])
            })
    }
}
