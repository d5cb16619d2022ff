import Domain
import TestSupport
import Testing

@testable import MongoStore

@Suite struct MetricsTests {
    @Test func sumsOfManyProcessesAddUp() async throws {
        try await TestServer.withDatabase(clientCount: 4) { raw in
            let ownership = WorkMetricCollection(raw)
            #expect(try await ownership.sums().isEmpty)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let meter = WorkMeter()
                        meter.add(2, to: .clips)
                        meter.add(.milliseconds(250), to: .annotationSeconds, "3")
                        try await ownership.record(meter)
                        try await ownership.record(meter)
                    }
                }
                try await group.waitForAll()
            }
            let sums = try await ownership.sums()
            #expect(sums[.clips] == ["all": 40])
            #expect(sums[.annotationSeconds] == ["3": 5])
        }
    }

    @Test func whatCannotBeRecordedStaysInTheMeter() async throws {
        var configuration = MongoConfiguration(uri: "mongodb://127.0.0.1:1", databaseName: "none")
        configuration.serverSelectionTimeout = .milliseconds(50)
        let meter = WorkMeter()
        meter.add(7, to: .framesKept)
        let ownership = WorkMetricCollection(try MongoDatabase(configuration))
        await #expect(throws: StoreError.self) { try await ownership.record(meter) }
        #expect(meter.take()[.framesKept] == ["all": 7])
    }

    @Test func jobsAndUnitsAreCountedAsTheyStand() async throws {
        try await QueueFixture.run { fixture in
            #expect(try await fixture.database.queueMetrics().longestWait == .zero)
            let job = try await fixture.queuedJob(clipCount: 3)
            _ = try await fixture.database.workItems.take(by: "w", lease: .seconds(30))
            let metrics = try await fixture.database.queueMetrics()
            #expect(metrics.jobs.map(\.count) == [1])
            #expect(metrics.jobs.map(\.state) == [.running])
            #expect(metrics.jobs.map(\.kind) == [job.kind])
            #expect(metrics.waitingUnits == 3)
            #expect(metrics.runningUnits == 1)
            // The fixture's jobs were made in 1970.
            #expect(metrics.longestWait > .seconds(1_000_000_000))
        }
    }

    @Test func countingUnitsFetchesNoDocument() async throws {
        try await QueueFixture.run { fixture in
            _ = try await fixture.queuedJob(clipCount: 50)
            for (collection, pipeline, index) in [
                (CollectionName.workItems, WorkQueue.countPipeline, IndexDefinition.byAge.name),
                (CollectionName.jobs, JobCollection.countPipeline, IndexDefinition.byStateAndKind.name),
            ] {
                let plan = try await fixture.raw.read(
                    [
                        "explain": [
                            "aggregate": .string(collection), "cursor": [:], "hint": .string(index),
                            "pipeline": .array(pipeline.map(BSONValue.document)),
                        ], "verbosity": "executionStats",
                    ], call: "explain")
                #expect(plan.description.contains("totalDocsExamined: 0"), "\(plan)")
            }
        }
    }

    @Test func aTakeOverIsKnownToWhoTakesOver() async throws {
        try await QueueFixture.run { fixture in
            _ = try await fixture.queuedJob(clipCount: 1)
            let first = try await fixture.database.workItems.take(by: "a", lease: .milliseconds(1))
            #expect(first?.isTakenOver == false)
            try await Task.sleep(for: .milliseconds(100))
            let second = try await fixture.database.workItems.take(by: "b", lease: .seconds(30))
            #expect(second?.id == first?.id)
            #expect(second?.isTakenOver == true)
            #expect(try await fixture.database.workItems.reportCrash(of: "b", error: nil) == 1)
            #expect(try await fixture.database.workItems.take(by: "c", lease: .seconds(30))?.isTakenOver == false)
        }
    }
}
