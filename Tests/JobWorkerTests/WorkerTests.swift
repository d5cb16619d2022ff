import Domain
import Foundation
import JobWorker
import MongoStore
import NIOConcurrencyHelpers
import TestSupport
import Testing

/// What a worker makes of a job, from its plan to its end.
@Suite struct WorkerTests {
    @Test func aJobIsDoneFromItsPlanToItsEndPartByPart() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let handler = TestHandler(fixture, parts: 3)
            let ended = try await fixture.finish(job, by: handler)
            #expect(ended.state == .succeeded)
            #expect(ended.counts == JobCounts(parts: 3, frames: 6))
            let order: [WorkItem.Work] = [.plan, .part(index: 0), .part(index: 1), .part(index: 2), .finish]
            #expect(handler.events.begun == order)
            let items = try await fixture.items(of: job)
            #expect(items.allSatisfy { $0.state == .done && $0.lease == nil && $0.attempts == 0 && $0.losses == 0 })
            #expect(try await fixture.upload()["status"] == 1)
        }
    }

    @Test func aFailedAttemptIsRepeatedAndItsErrorForgotten() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let handler = TestHandler(fixture) { index, attempt, _ in
                if index == 1, attempt == 0 { throw WorkFailure.attempt(500, "The disk coughed.") }
            }
            #expect(try await fixture.finish(job, by: handler).state == .succeeded)
            #expect(handler.events.begun.filter { $0 == .part(index: 1) }.count == 2)
            #expect(handler.events.releases == 1)
            let part = try await fixture.item(.part(index: 1), of: job)
            #expect(part.attempts == 1)
            #expect(part.error == nil)
            #expect(part.failingSince == nil)
        }
    }

    /// What a part throws, and how its job ends after one attempt.
    static let endings: [(WorkFailure, JobState, JobError)] = [
        (.permanent(422, "No video."), .failed, JobError(code: 422, message: "No video.")),
        (.permanent(404, "Gone."), .failed, JobError(code: 404, message: "Gone.")),
        (.sourceChanged, .failed, JobError(code: 409, message: "The source file changed")),
        (.attempt(500, "Odd."), .quarantined, JobError(code: 500, message: "Odd. (1 attempts)")),
    ]

    @Test(arguments: endings)
    func aFailureThatNothingHelpsEndsTheJob(_ failure: WorkFailure, _ state: JobState, _ error: JobError) async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let handler = TestHandler(fixture) { _, _, _ in throw failure }
            let ended = try await fixture.finish(job, by: handler, attempts: 1)
            #expect(ended.state == state)
            #expect(ended.error?.code == error.code)
            #expect(ended.error?.message.hasPrefix(error.message) == true)
            #expect(handler.events.releases == 1)
            let upload = try await fixture.upload()
            #expect(upload["status"] == 2)
            #expect(upload["errorMessage"]?.documentValue?["error_code"] == .int(error.code))
            #expect(try await fixture.items(of: job).allSatisfy { $0.lease == nil })
        }
    }

    @Test func theJobIsQuarantinedAfterTheLastAttempt() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let handler = TestHandler(fixture, parts: 1) { _, _, _ in throw WorkFailure.attempt(500, "Odd.") }
            let ended = try await fixture.finish(job, by: handler, attempts: 2)
            #expect(ended.state == .quarantined)
            #expect(ended.error == JobError(code: 500, message: "Odd. (2 attempts)"))
            #expect(handler.events.begun.filter { $0 == .part(index: 0) }.count == 2)
        }
    }

    @Test func aPartThatTheJobCanDoWithoutIsSkipped() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let handler = TestHandler(fixture, canSkip: true) { index, _, _ in
                if index == 0 { throw WorkFailure.attempt(500, "Odd.") }
            }
            #expect(try await fixture.finish(job, by: handler, attempts: 1).state == .succeeded)
        }
    }

    @Test func workThatMustWaitForOtherWorkCountsNoAttempt() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let tries = NIOLockedValueBox(0)
            let handler = TestHandler(fixture, parts: 1) { _, attempt, _ in
                #expect(attempt == 0)
                if tries.withLockedValue({
                    $0 += 1; return $0
                }) < 3 {
                    throw WorkFailure.notYet
                }
            }
            #expect(try await fixture.finish(job, by: handler, attempts: 1).state == .succeeded)
            let part = try await fixture.item(.part(index: 0), of: job)
            #expect(part.attempts == 0)
            #expect(part.fence == 3)
        }
    }

    @Test func aLeaseThatAnotherWorkerHasIsLeftAlone() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let handler = TestHandler(fixture, parts: 1) { _, _, _ in throw WorkFailure.leaseLost }
            try await fixture.run(fixture.worker(handler)) { handler.events.releases == 1 }
            let part = try await fixture.item(.part(index: 0), of: job)
            #expect(part.state == .running)
            #expect(part.attempts == 0)
            #expect(try await fixture.header(of: job).state == .running)
        }
    }

    @Test func kindsWithoutAHandlerAreLeftToOthers() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let handler = TestHandler(fixture)
            let other = fixture.worker(handler, of: .buildDataset)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await other.run() }
                // The other one sees the queue at least once while this one works.
                try await fixture.run(fixture.worker(TestHandler(fixture), owner: "b")) {
                    try await !fixture.header(of: job).state.isLive
                }
                group.cancelAll()
            }
            #expect(handler.events.begun.isEmpty)
            #expect(try await fixture.header(of: job).state == .succeeded)
        }
    }

    @Test func whatWasCountedIsRecordedAfterEachWorkItem() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let meter = WorkMeter()
            let handler = TestHandler(fixture) { _, _, _ in meter.add(3, to: .framesDecoded) }
            try await fixture.run(fixture.worker(handler, meter: meter)) {
                try await !fixture.header(of: job).state.isLive
            }
            let sums = try #require(try await fixture.raw.collection("ContentMetrics").findOne(["_id": "work"]))
            #expect(sums["framesDecoded"]?.documentValue?["all"] == 6.0)
        }
    }
}
