/// A metric with all its samples, as Prometheus sees it.
package struct MetricFamily: Sendable {
    package enum Kind: String, Sendable {
        /// Only grows; starts at nothing again when its source does.
        case counter
        case gauge
        case histogram
    }

    /// By Prometheus' rules: the program, what is measured, the unit in the plural, and `_total` for counters.
    package let name: String
    package let kind: Kind
    /// One sentence for the person who reads the page.
    package let help: String
    package var samples: [Sample]

    package init(_ name: String, _ kind: Kind, _ help: String, samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A metric without labels.
    package init(_ name: String, _ kind: Kind, _ help: String, value: Double) {
        self.init(name, kind, help, samples: [Sample(value)])
    }

    package struct Sample: Hashable, Sendable {
        /// Of a histogram's parts, such as `_bucket`.
        package let suffix: String
        package let labels: [Label]
        package let value: Double

        package init(_ value: Double, labels: [Label] = [], suffix: String = "") {
            self.suffix = suffix
            self.labels = labels
            self.value = value
        }
    }

    package struct Label: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}
