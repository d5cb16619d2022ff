import Domain
import Foundation
import Testing

@testable import MongoStore

@Suite struct QueueLeaseTests {
    @Test func aWorkerGoesOnWithTheNextClip() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 3)
            var works: [WorkItem.Work] = []
            var affinity: JobAffinity?
            while let item = try await fixture.database.workItems.take(by: "w", lease: .seconds(30), after: affinity) {
                #expect(item.jobId == job.id)
                works.append(item.work)
                affinity = JobAffinity(after: affinity, taking: item)
            }
            #expect(works == [.part(index: 0), .part(index: 1), .part(index: 2), .finish])
        }
    }

    @Test func anIdleWorkerBeginsWhereNoOtherWillCome() async throws {
        try await QueueFixture.run { fixture in
            _ = try await fixture.queuedJob(clipCount: 9)
            let first = try await fixture.database.workItems.take(by: "a", lease: .seconds(30))
            let second = try #require(try await fixture.database.workItems.take(by: "b", lease: .seconds(30)))
            #expect(first?.work == .part(index: 0))
            #expect(second.work == .part(index: 5))
            let affinity = JobAffinity(taking: second)
            #expect(
                try await fixture.database.workItems.take(by: "b", lease: .seconds(30), after: affinity)?.work
                    == .part(index: 6))
        }
    }

    @Test func manyTakersNeverShareAUnit() async throws {
        try await QueueFixture.run { fixture in
            _ = try await fixture.queuedJob(clipCount: 40)
            let taken = try await withThrowingTaskGroup(of: [ObjectID].self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        var ids: [ObjectID] = []
                        while let item = try await fixture.database.workItems.take(
                            by: "w\(worker)", lease: .seconds(30))
                        {
                            ids.append(item.id)
                        }
                        return ids
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(taken.count == 41)
            #expect(Set(taken).count == 41)
        }
    }

    @Test func aLeaseThatRanOutPassesToTheNextWorkerAndCountsAsLost() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 1)
            let first = try #require(try await fixture.database.workItems.take(by: "a", lease: .milliseconds(50)))
            try await Task.sleep(for: .milliseconds(150))
            let second = try #require(try await fixture.database.workItems.take(by: "b", lease: .seconds(30)))
            #expect(second.id == first.id)
            #expect(second.fence == first.fence + 1)
            #expect(second.losses == 1)

            // The first worker wakes up: nothing of what it does has an effect.
            #expect(try await !fixture.database.workItems.renew(first, lease: .seconds(30), framesDone: 2))
            try await fixture.publish(first, of: job)
            #expect(try await fixture.count("AnnotationFrame") == 0)
            #expect(try await fixture.count("AnnotationTask") == 0)
            #expect(try await !fixture.database.workItems.complete(first, framesDone: 2))
            try await fixture.database.workItems.release(first, after: .zero, countsAsAttempt: true, error: nil)

            try await fixture.publish(second, of: job)
            #expect(try await fixture.database.workItems.complete(second, framesDone: 2))
            #expect(try await fixture.count("AnnotationTask") == 1)
        }
    }

    @Test func anExpiredLeasePublishesNothingEvenBeforeAnyoneElseComes() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 1)
            let item = try #require(try await fixture.database.workItems.take(by: "a", lease: .milliseconds(50)))
            try await Task.sleep(for: .milliseconds(150))
            try await fixture.publish(item, of: job)
            #expect(try await fixture.count("AnnotationFrame") == 0)
        }
    }

    @Test func renewingKeepsTheUnit() async throws {
        try await QueueFixture.run { fixture in
            _ = try await fixture.queuedJob(clipCount: 0)
            let item = try #require(try await fixture.database.workItems.take(by: "a", lease: .seconds(4)))
            for _ in 0..<4 {
                // Together longer than the lease; alone so short that a busy machine keeps it.
                try await Task.sleep(for: .milliseconds(1_200))
                #expect(try await fixture.database.workItems.renew(item, lease: .seconds(4), framesDone: 1))
            }
            #expect(try await fixture.database.workItems.take(by: "b", lease: .seconds(1)) == nil)
        }
    }

    /// What it published meanwhile had no effect, so the work item must be done again although nobody else has taken
    /// it.
    @Test func aLeaseThatRanOutNeverLivesAgain() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 1)
            let item = try #require(try await fixture.database.workItems.take(by: "a", lease: .milliseconds(50)))
            try await Task.sleep(for: .milliseconds(150))
            try await fixture.publish(item, of: job)
            #expect(try await fixture.count("AnnotationTask") == 0)
            #expect(try await !fixture.database.workItems.renew(item, lease: .seconds(30), framesDone: 1))
            #expect(try await !fixture.database.workItems.complete(item, framesDone: 2))
            let again = try #require(try await fixture.database.workItems.take(by: "a", lease: .seconds(30)))
            #expect(again.id == item.id)
        }
    }

    @Test func aReleasedUnitWaitsForItsBackoff() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 0)
            let item = try #require(try await fixture.database.workItems.take(by: "a", lease: .seconds(30)))
            let error = JobError(code: 500, message: "$broke")
            try await fixture.database.workItems.release(
                item, after: .seconds(3), countsAsAttempt: true, error: error)
            let stall = try await fixture.database.workItems.stall(of: job)
            #expect(stall?.error == error)
            #expect(stall?.since != nil)
            #expect(try await fixture.database.workItems.take(by: "b", lease: .seconds(30)) == nil)
            try await Task.sleep(for: .milliseconds(3_100))
            let again = try #require(try await fixture.database.workItems.take(by: "b", lease: .seconds(30)))
            #expect(again.attempts == 1)
            #expect(again.losses == 0)
            #expect(again.error == error)
            #expect(again.lease?.owner == "b")
        }
    }

    static let crashes: [(JobError?, Int, Int)] = [
        (nil, 0, 1), (JobError(code: 500, message: "signal 11"), 1, 0),
    ]

    @Test(arguments: crashes)
    func aReportedCrashGivesTheUnitBackAtOnce(error: JobError?, attempts: Int, losses: Int) async throws {
        try await QueueFixture.run { fixture in
            _ = try await fixture.queuedJob(clipCount: 0)
            let item = try #require(try await fixture.database.workItems.take(by: "a", lease: .seconds(30)))
            try await fixture.database.workItems.reportCrash(of: "a", error: error)
            let again = try #require(try await fixture.database.workItems.take(by: "b", lease: .seconds(30)))
            #expect(again.id == item.id)
            #expect(again.attempts == attempts)
            #expect(again.losses == losses)
            #expect(try await !fixture.database.workItems.renew(item, lease: .seconds(1), framesDone: 0))
        }
    }

    @Test func takingUsesTheQueuesIndex() async throws {
        try await QueueFixture.run { fixture in
            _ = try await fixture.queuedJob(clipCount: 500)
            let plan = try await fixture.database.workItems.collection.explain(
                WorkQueue.available(), verbosity: .executionStats)
            #expect(plan.description.contains("IXSCAN"))
            #expect(!plan.description.contains("COLLSCAN"))
            #expect(!plan.description.contains("\"SORT\""))
        }
    }
}
