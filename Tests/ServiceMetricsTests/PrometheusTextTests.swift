import Testing

@testable import ServiceMetrics

@Suite struct PrometheusTextTests {
    @Test func aFamilyIsHelpTypeAndSamples() {
        let family = MetricFamily(
            "clips_total", .counter, "Clips\nof all \\ machines.",
            samples: [.init(3, labels: [.init("name", "a\"b\\c\nd"), .init("of", "x")]), .init(0.25)])
        #expect(
            PrometheusText.text(of: [family]) == """
                # HELP clips_total Clips\\nof all \\\\ machines.
                # TYPE clips_total counter
                clips_total{name="a\\"b\\\\c\\nd",of="x"} 3
                clips_total 0.25

                """)
    }

    @Test(arguments: [
        (0.0, "0"), (12, "12"), (0.5, "0.5"), (1e300, "1e+300"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
        (.nan, "NaN"), (9_007_199_254_740_992, "9007199254740992"),
    ])
    func numbersAreWrittenAsGoReadsThem(value: Double, text: String) {
        #expect(PrometheusText.text(of: value) == text)
    }

    @Test func aHistogramsBucketsHoldAllBelowThem() {
        var histogram = Histogram()
        for value in [0.001, 0.005, 0.006, 700] { histogram.record(value) }
        let samples = histogram.samples(labels: [])
        let buckets = samples.filter { $0.suffix == "_bucket" }
        #expect(buckets.first == .init(2, labels: [.init("le", "0.005")], suffix: "_bucket"))
        #expect(buckets[1] == .init(3, labels: [.init("le", "0.01")], suffix: "_bucket"))
        #expect(buckets.last == .init(4, labels: [.init("le", "+Inf")], suffix: "_bucket"))
        #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0.value <= $1.value })
        #expect(samples.suffix(2) == [.init(700.012, suffix: "_sum"), .init(4, suffix: "_count")])
    }

    @Test func theKernelTellsOfThisProcess() {
        let values = Dictionary(
            uniqueKeysWithValues: ProcessMetrics.families.map { ($0.name, $0.samples[0].value) })
        #expect(values["process_resident_memory_bytes", default: 0] > 1_000_000)
        #expect(values["process_cpu_seconds_total", default: 0] > 0)
    }
}
