/// How often something was how large, such as how long answers took.
package struct Histogram: Hashable, Sendable {
    /// The upper bounds of the buckets, in seconds where durations are counted: those of Prometheus' clients, and more
    /// for answers that wait.
    static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600]

    /// Of each bucket by itself; the last one has no bound.
    private var counts = [Int](repeating: 0, count: Self.bounds.count + 1)
    private var sum = 0.0

    package init() {}

    package mutating func record(_ value: Double) {
        self.counts[Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count] += 1
        self.sum += value
    }

    /// Buckets, each with all below it, then sum and count.
    package func samples(labels: [MetricFamily.Label]) -> [MetricFamily.Sample] {
        var samples: [MetricFamily.Sample] = []
        var count = 0
        for (bound, own) in zip(Self.bounds + [.infinity], self.counts) {
            count += own
            let label = MetricFamily.Label("le", PrometheusText.text(of: bound))
            samples.append(.init(Double(count), labels: labels + [label], suffix: "_bucket"))
        }
        samples.append(.init(self.sum, labels: labels, suffix: "_sum"))
        samples.append(.init(Double(count), labels: labels, suffix: "_count"))
        return samples
    }
}
