package import CoreMetrics
internal import Synchronization

/// The backend of swift-metrics in this process: keeps what the service and its libraries count, for Prometheus' text.
///
/// A metric is made when it is first used. Its name is the label with `_` for what Prometheus does not allow, and the
/// endings that it asks for: `_total` of counters, `_seconds` of timers. Timers, and recorders that aggregate, are
/// histograms; meters and other recorders are gauges.
///
/// Thread rule: any thread.
package final class PrometheusMetrics: MetricsFactory {
    private struct Key: Hashable {
        let name: String
        let labels: [MetricFamily.Label]
    }

    private struct State {
        var series: [Key: Series] = [:]
        /// Of each name, as it was first used: of another kind it would be another metric.
        var kinds: [String: MetricFamily.Kind] = [:]
    }

    private let state = Mutex(State())
    private let help: [String: String]

    /// - Parameter help: one sentence for each name that the service itself uses.
    package init(help: [String: String] = [:]) { self.help = help }

    /// All metrics by name, each with its samples in the order of their labels.
    package var families: [MetricFamily] {
        let state = self.state.withLock { $0 }
        return Dictionary(grouping: state.series) { $0.key.name }.sorted { $0.key < $1.key }.compactMap {
            name, series in
            guard let kind = state.kinds[name] else { return nil }
            let sorted = series.sorted { left, right in
                left.key.labels.map(\.value).lexicographicallyPrecedes(right.key.labels.map(\.value))
            }
            return MetricFamily(
                name, kind, self.help[name] ?? "Counted by a library.",
                samples: sorted.flatMap { $0.value.samples(labels: $0.key.labels) })
        }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        self.series(label, ending: "_total", dimensions, .counter)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        self.series(label, ending: "_total", dimensions, .counter)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        self.series(label, ending: "", dimensions, .gauge)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        self.series(label, ending: "", dimensions, aggregate ? .histogram : .gauge)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        self.series(label, ending: "_seconds", dimensions, .histogram)
    }

    // Prometheus wants to see a series for as long as its process lives.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func series(
        _ label: String, ending: String, _ dimensions: [(String, String)], _ kind: MetricFamily.Kind
    ) -> Series {
        let name = Self.name(label, ending: ending)
        let labels = dimensions.map { MetricFamily.Label(Self.name($0.0, ending: ""), $0.1) }
        return self.state.withLock { state in
            // A second kind under one name would break the page: it is counted and not shown.
            guard state.kinds[name, default: kind] == kind else { return Series(kind) }
            state.kinds[name] = kind
            let key = Key(name: name, labels: labels)
            if let series = state.series[key] { return series }
            let series = Series(kind)
            state.series[key] = series
            return series
        }
    }

    /// Source: "Data model" of the Prometheus documentation: letters, digits, `_`, and no digit first.
    private static func name(_ label: String, ending: String) -> String {
        let allowed = label.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? Character(scalar) : "_"
        }
        let name = String(allowed.first?.isNumber == true ? ["_"] + allowed : allowed)
        return name.hasSuffix(ending) ? name : name + ending
    }
}

/// The values of one metric under one set of labels.
private final class Series: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    private enum Value {
        case number(Double)
        case histogram(Histogram)
    }

    private let value: Mutex<Value>

    init(_ kind: MetricFamily.Kind) { self.value = Mutex(kind == .histogram ? .histogram(Histogram()) : .number(0)) }

    func samples(labels: [MetricFamily.Label]) -> [MetricFamily.Sample] {
        switch self.value.withLock({ $0 }) {
        case .number(let number): [.init(number, labels: labels)]
        case .histogram(let histogram): histogram.samples(labels: labels)
        }
    }

    func increment(by amount: Int64) { self.increment(by: Double(amount)) }

    func increment(by amount: Double) {
        self.value.withLock { value in
            if case .number(let number) = value { value = .number(number + amount) }
        }
    }

    func decrement(by amount: Double) { self.increment(by: -amount) }

    func reset() { self.set(0.0) }

    func set(_ number: Int64) { self.set(Double(number)) }

    func set(_ number: Double) {
        self.value.withLock { value in
            if case .number = value { value = .number(number) }
        }
    }

    func record(_ number: Int64) { self.record(Double(number)) }

    func record(_ number: Double) {
        self.value.withLock { value in
            switch value {
            case .number: value = .number(number)
            case .histogram(var histogram):
                histogram.record(number)
                value = .histogram(histogram)
            }
        }
    }

    func recordNanoseconds(_ duration: Int64) { self.record(Double(duration) / 1e9) }
}
