import ServiceMetrics
import Testing

@testable import ContentProcessor

@Suite struct TimingTests {
    @Test func whatClientsSendMakesNoNewSeries() {
        let metrics = PrometheusMetrics(help: TimingMiddleware.help)
        let timing = TimingMiddleware(metrics: metrics)
        for number in 0..<100 { timing.record(.seconds(1), method: "GET\(number)", path: nil, status: 404) }
        timing.record(.seconds(2), method: "PUT", path: "NotFound", status: 404)
        timing.record(.seconds(2), method: "GET", path: "/api/jobs/{id}", status: 200)
        let family = metrics.families.first
        #expect(family?.name == "content_processor_http_request_duration_seconds")
        #expect(family?.help.hasPrefix("Time from a request's head") == true)
        let counts = (family?.samples ?? []).filter { $0.suffix == "_count" }
        #expect(
            counts.map { $0.labels.map(\.value) + ["\($0.value)"] } == [
                ["GET", "/api/jobs/{id}", "200", "1.0"], ["OTHER", "none", "404", "100.0"],
                ["PUT", "none", "404", "1.0"],
            ])
    }
}
