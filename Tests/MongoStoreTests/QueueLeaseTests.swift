import Annotation
import Foundation
import Testing

@testable import MongoStore

@Suite struct QueueLeaseTests {
    @Test func aWorkerGoesOnWithTheNextClip() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 3)
            var works: [JobUnit.Work] = []
            var streak: UnitStreak?
            while let unit = try await fixture.database.units.take(by: "w", lease: .seconds(30), after: streak) {
                #expect(unit.jobId == job.id)
                works.append(unit.work)
                streak = UnitStreak(after: streak, taking: unit)
            }
            #expect(works == [.piece(index: 0), .piece(index: 1), .piece(index: 2), .finish])
        }
    }

    @Test func anIdleWorkerBeginsWhereNoOtherWillCome() async throws {
        try await QueueFixture.run { fixture in
            _ = try await fixture.queuedJob(clipCount: 9)
            let first = try await fixture.database.units.take(by: "a", lease: .seconds(30))
            let second = try #require(try await fixture.database.units.take(by: "b", lease: .seconds(30)))
            #expect(first?.work == .piece(index: 0))
            #expect(second.work == .piece(index: 5))
            let streak = UnitStreak(taking: second)
            #expect(
                try await fixture.database.units.take(by: "b", lease: .seconds(30), after: streak)?.work
                    == .piece(index: 6))
        }
    }

    @Test func manyTakersNeverShareAUnit() async throws {
        try await QueueFixture.run { fixture in
            _ = try await fixture.queuedJob(clipCount: 40)
            let taken = try await withThrowingTaskGroup(of: [ObjectID].self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        var ids: [ObjectID] = []
                        while let unit = try await fixture.database.units.take(by: "w\(worker)", lease: .seconds(30)) {
                            ids.append(unit.id)
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
            let first = try #require(try await fixture.database.units.take(by: "a", lease: .milliseconds(50)))
            try await Task.sleep(for: .milliseconds(150))
            let second = try #require(try await fixture.database.units.take(by: "b", lease: .seconds(30)))
            #expect(second.id == first.id)
            #expect(second.fence == first.fence + 1)
            #expect(second.losses == 1)

            // The first worker wakes up: nothing of what it does has an effect.
            #expect(try await !fixture.database.units.renew(first, lease: .seconds(30), framesDone: 2))
            try await fixture.publish(first, of: job)
            #expect(try await fixture.count("AnnotationFrame") == 0)
            #expect(try await fixture.count("AnnotationTask") == 0)
            #expect(try await !fixture.database.units.complete(first, framesDone: 2))
            try await fixture.database.units.release(first, after: .zero, countsAsAttempt: true, error: nil)

            try await fixture.publish(second, of: job)
            #expect(try await fixture.database.units.complete(second, framesDone: 2))
            #expect(try await fixture.count("AnnotationTask") == 1)
        }
    }

    @Test func anExpiredLeasePublishesNothingEvenBeforeAnyoneElseComes() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 1)
            let unit = try #require(try await fixture.database.units.take(by: "a", lease: .milliseconds(50)))
            try await Task.sleep(for: .milliseconds(150))
            try await fixture.publish(unit, of: job)
            #expect(try await fixture.count("AnnotationFrame") == 0)
        }
    }

    @Test func renewingKeepsTheUnit() async throws {
        try await QueueFixture.run { fixture in
            _ = try await fixture.queuedJob(clipCount: 0)
            let unit = try #require(try await fixture.database.units.take(by: "a", lease: .seconds(4)))
            for _ in 0..<4 {
                // Together longer than the lease; alone so short that a busy machine keeps it.
                try await Task.sleep(for: .milliseconds(1_200))
                #expect(try await fixture.database.units.renew(unit, lease: .seconds(4), framesDone: 1))
            }
            #expect(try await fixture.database.units.take(by: "b", lease: .seconds(1)) == nil)
        }
    }

    /// What it published meanwhile had no effect, so the unit must be done again although nobody else has taken it.
    @Test func aLeaseThatRanOutNeverLivesAgain() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 1)
            let unit = try #require(try await fixture.database.units.take(by: "a", lease: .milliseconds(50)))
            try await Task.sleep(for: .milliseconds(150))
            try await fixture.publish(unit, of: job)
            #expect(try await fixture.count("AnnotationTask") == 0)
            #expect(try await !fixture.database.units.renew(unit, lease: .seconds(30), framesDone: 1))
            #expect(try await !fixture.database.units.complete(unit, framesDone: 2))
            let again = try #require(try await fixture.database.units.take(by: "a", lease: .seconds(30)))
            #expect(again.id == unit.id)
        }
    }

    @Test func aReleasedUnitWaitsForItsBackoff() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 0)
            let unit = try #require(try await fixture.database.units.take(by: "a", lease: .seconds(30)))
            let error = JobError(code: 500, message: "$broke")
            try await fixture.database.units.release(
                unit, after: .seconds(3), countsAsAttempt: true, error: error)
            let trouble = try await fixture.database.units.trouble(of: job)
            #expect(trouble?.error == error)
            #expect(trouble?.since != nil)
            #expect(try await fixture.database.units.take(by: "b", lease: .seconds(30)) == nil)
            try await Task.sleep(for: .milliseconds(3_100))
            let again = try #require(try await fixture.database.units.take(by: "b", lease: .seconds(30)))
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
            let unit = try #require(try await fixture.database.units.take(by: "a", lease: .seconds(30)))
            try await fixture.database.units.reportCrash(of: "a", error: error)
            let again = try #require(try await fixture.database.units.take(by: "b", lease: .seconds(30)))
            #expect(again.id == unit.id)
            #expect(again.attempts == attempts)
            #expect(again.losses == losses)
            #expect(try await !fixture.database.units.renew(unit, lease: .seconds(1), framesDone: 0))
        }
    }

    @Test func takingUsesTheQueuesIndex() async throws {
        try await QueueFixture.run { fixture in
            _ = try await fixture.queuedJob(clipCount: 500)
            let plan = try await fixture.database.units.collection.explain(
                UnitQueue.available(), verbosity: .executionStats)
            #expect(plan.description.contains("IXSCAN"))
            #expect(!plan.description.contains("COLLSCAN"))
            #expect(!plan.description.contains("\"SORT\""))
        }
    }
}
