package import Domain
internal import FoundationEssentials
package import MongoDriver

/// How many jobs and work items there are, read from indexes alone.
package struct QueueMetrics: Sendable {
    /// Jobs of one kind in one state.
    package struct JobCount: Sendable {
        package let kind: JobKind
        package let state: JobState
        package let count: Int
    }

    /// Combinations without a job are not listed.
    package let jobs: [JobCount]
    package let waitingUnits: Int
    package let runningUnits: Int
    /// For how long the work item that waits longest could have been taken; zero when none waits.
    package let longestWait: Duration
}

extension AnnotationDatabase {
    /// Counts over two covering indexes: no document is fetched.
    package func queueMetrics() async throws(StoreError) -> QueueMetrics {
        let jobs = try await self.jobs.countsByStateAndKind()
        let items = try await self.workItems.countsByState()
        return QueueMetrics(
            jobs: jobs, waitingUnits: items[.waiting]?.count ?? 0, runningUnits: items[.running]?.count ?? 0,
            longestWait: max(.zero, items[.waiting]?.age ?? .zero))
    }
}

extension JobCollection {
    func countsByStateAndKind() async throws(StoreError) -> [QueueMetrics.JobCount] {
        let groups = try await self.collection.aggregate(
            Self.countPipeline, hint: IndexDefinition.byStateAndKind.name)
        return groups.compactMap { group in
            guard let id = group["_id"]?.documentValue,
                let state = id["state"]?.stringValue.flatMap(JobState.init),
                let kind = id["kind"]?.stringValue.flatMap(JobKind.init), let count = group["count"]?.intValue
            else { return nil }
            return QueueMetrics.JobCount(kind: kind, state: state, count: count)
        }
    }

    static let countPipeline: [BSONDocument] = [
        ["$group": ["_id": ["state": "$state", "kind": "$kind"], "count": ["$sum": 1]]]
    ]
}

extension WorkQueue {
    /// How many work items of a state are in the queue, and how long ago the earliest of their leases or backoffs
    /// ended.
    func countsByState() async throws(StoreError) -> [WorkItem.State: (count: Int, age: Duration)] {
        let groups = try await self.collection.aggregate(Self.countPipeline, hint: IndexDefinition.byAge.name)
        var counts: [WorkItem.State: (count: Int, age: Duration)] = [:]
        for group in groups {
            guard let state = group["_id"]?.stringValue.flatMap(WorkItem.State.init) else { continue }
            let age = Duration.milliseconds(group["age"]?.intValue ?? 0)
            counts[state] = (group["count"]?.intValue ?? 0, age)
        }
        return counts
    }

    /// Matches on what the index holds, so that nothing has to be fetched.
    static let countPipeline: [BSONDocument] = [
        [
            "$match": [
                "state": ["$in": [.waiting, .running]],
                "lease.until": ["$gt": .date(Date(timeIntervalSince1970: 0))],
            ]
        ],
        ["$group": ["_id": "$state", "count": ["$sum": 1], "oldest": ["$min": "$lease.until"]]],
        ["$project": ["count": 1, "age": ["$subtract": ["$$NOW", "$oldest"]]]],
    ]
}
