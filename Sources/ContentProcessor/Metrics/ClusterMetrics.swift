import Domain
import MongoStore
import ServiceMetrics

/// What the database tells of all machines together, read seldom however often it is asked for.
actor ClusterMetrics {
    private let database: AnnotationDatabase
    private let clock = ContinuousClock()
    private var present: (families: [MetricFamily], until: ContinuousClock.Instant)?

    init(database: AnnotationDatabase) { self.database = database }

    /// The metrics as of the last reading, which is kept for two seconds, or for twenty times as long as it took.
    ///
    /// When the database does not answer, `content_processor_mongodb_up` is 0 and the others are missing.
    func families() async -> [MetricFamily] {
        if let present, self.clock.now < present.until { return present.families }
        let families: [MetricFamily]
        var validity = Duration.seconds(2)
        do throws(StoreError) {
            try await self.database.prepareOnce()
            let start = self.clock.now
            families = [Self.reachable(true)] + (try await self.read())
            validity = max(validity, (self.clock.now - start) * 20)
        } catch {
            families = [Self.reachable(false)]
        }
        self.present = (families, self.clock.now + validity)
        return families
    }

    private func read() async throws(StoreError) -> [MetricFamily] {
        let queue = try await self.database.queueMetrics()
        let sums = try await self.database.work.sums()
        return queue.families + WorkMetric.allCases.map { $0.family(of: sums) }
    }

    private static func reachable(_ isReachable: Bool) -> MetricFamily {
        MetricFamily(
            "content_processor_mongodb_up", .gauge, "Whether the database answers this instance.",
            value: isReachable ? 1 : 0)
    }
}

extension QueueMetrics {
    fileprivate var families: [MetricFamily] {
        var jobs: [MetricFamily.Sample] = []
        for kind in JobKind.allCases {
            for state in JobState.allCases {
                let count = self.jobs.first { $0.kind == kind && $0.state == state }?.count ?? 0
                jobs.append(
                    .init(Double(count), labels: [.init("kind", kind.rawValue), .init("state", state.rawValue)]))
            }
        }
        let items = [("waiting", self.waitingUnits), ("running", self.runningUnits)].map { state, count in
            MetricFamily.Sample(Double(count), labels: [.init("state", state)])
        }
        return [
            MetricFamily("content_processor_jobs", .gauge, "Jobs by kind and state.", samples: jobs),
            MetricFamily(
                "content_processor_queue_units", .gauge,
                "Units of work in the queue: clips, dataset tasks, plans, ends.",
                samples: items),
            MetricFamily(
                "content_processor_queue_age_seconds", .gauge,
                "For how long the unit that waits longest could have been taken.", value: self.longestWait / .seconds(1)
            ),
        ]
    }
}
