import CoreMetrics
import Testing

@testable import ServiceMetrics

@Suite struct PrometheusMetricsTests {
    /// Labels as code and libraries give them, and the names that Prometheus gets.
    static let names = [
        ("requests", "requests_total"), ("hb.requests", "hb_requests_total"), ("done_total", "done_total"),
        ("2nd try", "_2nd_try_total"), ("größe", "gr__e_total"),
    ]

    @Test(arguments: names)
    func namesAreMadeOfWhatPrometheusAllows(label: String, name: String) {
        let metrics = PrometheusMetrics()
        Counter(label: label, factory: metrics).increment(by: 3)
        #expect(metrics.families.map(\.name) == [name])
        #expect(metrics.families.first?.samples == [.init(3)])
    }

    @Test func aMetricKeepsItsValueWhoeverAsksForIt() {
        let metrics = PrometheusMetrics(help: ["clips_total": "Clips."])
        for _ in 0..<3 { Counter(label: "clips", dimensions: [("kind", "a")], factory: metrics).increment() }
        Counter(label: "clips", dimensions: [("kind", "b")], factory: metrics).increment(by: 7)
        let family = metrics.families.first
        #expect(family?.help == "Clips.")
        #expect(family?.kind == .counter)
        #expect(
            family?.samples == [
                .init(3, labels: [.init("kind", "a")]), .init(7, labels: [.init("kind", "b")]),
            ])
    }

    @Test func metersRiseFallAndAreSet() {
        let metrics = PrometheusMetrics()
        let meter = Meter(label: "open", factory: metrics)
        meter.set(4)
        meter.increment(by: 2.5)
        meter.decrement(by: 1)
        #expect(metrics.families.map(\.kind) == [.gauge])
        #expect(metrics.families.first?.samples == [.init(5.5)])
    }

    @Test func recordersThatDoNotAggregateKeepTheLastValue() {
        let metrics = PrometheusMetrics()
        let recorder = Recorder(label: "size", aggregate: false, factory: metrics)
        recorder.record(4)
        recorder.record(2.5)
        #expect(metrics.families.first?.samples == [.init(2.5)])
    }

    @Test func timersAreHistogramsInSeconds() {
        let metrics = PrometheusMetrics()
        Timer(label: "answer", factory: metrics).recordNanoseconds(20_000_000)
        Timer(label: "answer_seconds", factory: metrics).recordSeconds(2)
        let family = metrics.families.first
        #expect(family?.name == "answer_seconds")
        #expect(family?.kind == .histogram)
        #expect(
            family?.samples.suffix(2) == [.init(2.02, suffix: "_sum"), .init(2, suffix: "_count")])
    }

    @Test func aSecondKindUnderOneNameIsNotShown() {
        let metrics = PrometheusMetrics()
        Counter(label: "size_total", factory: metrics).increment()
        Meter(label: "size_total", factory: metrics).set(9)
        #expect(metrics.families.count == 1)
        #expect(metrics.families.first?.samples == [.init(1)])
    }

    @Test func countsFromManyTasksAddUp() async {
        let metrics = PrometheusMetrics()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    for _ in 0..<20 { Counter(label: "n", factory: metrics).increment() }
                }
            }
        }
        #expect(metrics.families.first?.samples == [.init(1000)])
    }
}
