import Domain
import Foundation
import MongoDriver
import Testing

@testable import MongoStore

/// Which steps a job takes from which state, each by compare-and-set.
@Suite struct JobTransitionTests {
    /// What is tried, and the states from which it succeeds.
    enum Step: String, CaseIterable, Sendable {
        case start, record, markProcessed, succeed, fail, cancel, quarantine, restart

        var sources: Set<JobState> {
            switch self {
            case .start, .record, .markProcessed, .succeed, .fail, .cancel, .quarantine: [.queued, .running]
            // Whoever restarts names the state that it saw.
            case .restart: Set(JobState.allCases)
            }
        }

        var target: JobState? {
            switch self {
            case .start: .running
            case .record, .markProcessed: nil
            case .succeed: .succeeded
            case .fail: .failed
            case .cancel: .cancelled
            case .quarantine: .quarantined
            case .restart: .queued
            }
        }

        func take(_ job: ProcessingJob, in jobs: JobCollection) async throws -> Bool {
            let error = JobError(code: 500, message: "x")
            switch self {
            case .start: return try await jobs.start(job)
            case .record:
                let plan = PlanSummary(partCount: 1, frameCount: 2, sourceFrameCount: 3)
                return try await jobs.record(JobSource(byteCount: 1, modified: 2, sha256: "a"), plan, of: job)
            case .markProcessed:
                try await jobs.markProcessed(job)
                return try await jobs.find(job.id)?.dates.processed != nil
            case .succeed: return try await jobs.end(job, as: .succeeded, nil) != nil
            case .fail: return try await jobs.end(job, as: .failed, error) != nil
            case .cancel: return try await jobs.end(job, as: .cancelled, error) != nil
            case .quarantine: return try await jobs.end(job, as: .quarantined, error) != nil
            case .restart: return try await jobs.restart(job) != nil
            }
        }
    }

    @Test(arguments: Step.allCases)
    func aStepIsTakenFromItsStatesAndNoOther(_ step: Step) async throws {
        try await QueueFixture.run { fixture in
            for (number, state) in JobState.allCases.enumerated() {
                let job = try await self.job(number + 1, in: state, fixture)
                let isTaken = try await step.take(job, in: fixture.database.jobs)
                #expect(isTaken == step.sources.contains(state), "\(step) from \(state)")
                let after = try #require(try await fixture.database.jobs.find(job.id))
                let target = step.sources.contains(state) ? step.target ?? state : state
                #expect(after.state == target, "\(step) from \(state)")
            }
        }
    }

    @Test(arguments: Step.allCases)
    func whoeverNamesAnOldFenceChangesNothing(_ step: Step) async throws {
        try await QueueFixture.run { fixture in
            let job = try await self.job(1, in: .running, fixture)
            try await fixture.raw.collection("ContentJob").updateOne(
                ["_id": .objectID(job.id)], ["$set": ["fence": 7]])
            let before = try #require(try await fixture.raw.collection("ContentJob").findOne([:]))
            #expect(try await !step.take(job, in: fixture.database.jobs))
            #expect(try await fixture.raw.collection("ContentJob").findOne([:]) == before)
        }
    }

    @Test func aRestartRaisesTheFenceAndForgetsTheError() async throws {
        try await QueueFixture.run { fixture in
            let job = try await self.job(1, in: .running, fixture)
            _ = try await fixture.database.jobs.end(job, as: .failed, JobError(code: 500, message: "x"))
            let failed = try #require(try await fixture.database.jobs.find(job.id))
            let again = try #require(try await fixture.database.jobs.restart(failed))
            #expect(again.fence == job.fence + 1)
            #expect(again.error == nil)
            #expect(again.state == .queued)
            #expect(!again.isAnnounced)
        }
    }

    @Test func datesTellWhereAJobStands() async throws {
        try await QueueFixture.run { fixture in
            let job = try await self.job(1, in: .queued, fixture)
            #expect(try await fixture.database.jobs.start(job))
            try await fixture.database.jobs.markProcessed(job)
            _ = try await fixture.database.jobs.end(job, as: .succeeded, nil)
            let dates = try #require(try await fixture.database.jobs.find(job.id)).dates
            let order = [dates.created, dates.processing, dates.processed, dates.finished].compactMap(\.self)
            #expect(order.count == 4)
            #expect(order == order.sorted())
            #expect(dates.interrupted == nil)
        }
    }

    @Test func aNumberOfARunIsGivenOnce() async throws {
        try await QueueFixture.run { fixture in
            _ = try await self.job(1, in: .queued, fixture)
            let second = self.newJob(1, id: 77, fixture)
            #expect(try await !fixture.database.jobs.insert(second))
            #expect(try await fixture.raw.collection("ContentJob").count() == 1)
        }
    }

    private func newJob(_ runNumber: Int, id: UInt32, _ fixture: QueueFixture) -> ProcessingJob {
        let parameters = ProcessParameters(
            uploadId: fixture.uploadId, projectId: fixture.projectId, frameRate: 5, contentPath: "./contents/p/a.mp4",
            forceWrite: false, autoAnnotationVersion: 0, requestType: .tasks, contentType: .video)
        return ProcessingJob(
            id: ProcessingJob.newId(seconds: 1000, random: id), runNumber: runNumber, parameters: parameters,
            framesPerTask: 2, createdAt: Date(timeIntervalSince1970: 1_000_000))
    }

    /// A job of the run number, put into a state.
    private func job(_ runNumber: Int, in state: JobState, _ fixture: QueueFixture) async throws -> ProcessingJob {
        let job = self.newJob(runNumber, id: UInt32(runNumber), fixture)
        #expect(try await fixture.database.jobs.insert(job))
        try await fixture.raw.collection("ContentJob").updateOne(
            ["_id": .objectID(job.id)], ["$set": ["state": .string(state.rawValue)]])
        return try #require(try await fixture.database.jobs.find(job.id))
    }
}
