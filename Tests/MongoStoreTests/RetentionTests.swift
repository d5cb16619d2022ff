import Domain
import Foundation
import MongoDriver
import Testing

@testable import MongoStore

@Suite struct RetentionTests {
    /// Later than every date that the fixture's jobs get.
    static let tomorrow = Date(timeIntervalSinceNow: 86_400)
    static let yesterday = Date(timeIntervalSinceNow: -86_400)

    private func succeededJob(_ fixture: QueueFixture, runNumber: Int = 1) async throws -> ProcessingJob {
        let job = try await fixture.queuedJob(clipCount: 0, runNumber: runNumber)
        let finish = try #require(try await fixture.database.workItems.take(by: "w", lease: .seconds(30)))
        try await fixture.database.end(job, as: .succeeded, nil)
        #expect(try await fixture.database.workItems.complete(finish, framesDone: 0))
        return try #require(try await fixture.database.jobs.find(job.id))
    }

    @Test func aTurnIsTakenOnceInItsTime() async throws {
        try await QueueFixture.run { fixture in
            let retention = fixture.database.retention
            #expect(try await retention.takeTurn(for: .seconds(60)))
            #expect(try await !retention.takeTurn(for: .seconds(60)))
            try await fixture.raw.collection("ContentTurn").updateOne(
                ["_id": "retention"], ["$set": ["until": .date(Self.yesterday)]])
            #expect(try await retention.takeTurn(for: .seconds(60)))
        }
    }

    @Test func ofTwentyAtOnceOneGetsTheTurn() async throws {
        try await QueueFixture.run { fixture in
            let retention = fixture.database.retention
            let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 { group.addTask { try await retention.takeTurn(for: .seconds(60)) } }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(taken == 1)
        }
    }

    @Test func aSourceIsDueOnceItsJobHasSucceededForLongAndUntilItIsRemoved() async throws {
        try await QueueFixture.run { fixture in
            let retention = fixture.database.retention
            let job = try await fixture.queuedJob(clipCount: 0)
            #expect(try await retention.producers(finishedBefore: Self.tomorrow, after: nil, limit: 9).isEmpty)
            try await fixture.database.end(job, as: .succeeded, nil)
            #expect(try await retention.producers(finishedBefore: Self.yesterday, after: nil, limit: 9).isEmpty)
            let due = try await retention.producers(finishedBefore: Self.tomorrow, after: nil, limit: 9)
            #expect(due.map(\.id) == [job.id])
            #expect(try await retention.producers(finishedBefore: Self.tomorrow, after: job.id, limit: 9).isEmpty)
            try await retention.markSourceRemoved(of: job.id)
            #expect(try await retention.producers(finishedBefore: Self.tomorrow, after: nil, limit: 9).isEmpty)
        }
    }

    @Test func pathsOfUnfinishedWorkAreNeeded() async throws {
        try await QueueFixture.run { fixture in
            let retention = fixture.database.retention
            let job = try await fixture.queuedJob(clipCount: 0)
            #expect(try await retention.neededPaths(completeAfter: Self.tomorrow) == ["./contents/p/a.mp4"])
            try await fixture.database.end(job, as: .succeeded, nil)
            #expect(try await retention.neededPaths(completeAfter: Self.tomorrow).isEmpty)
            // Complete, but not for long.
            #expect(try await retention.neededPaths(completeAfter: Self.yesterday) == ["./contents/p/a.mp4"])
        }
    }

    @Test(
        arguments: [
            (["status": 0, "sourceFilePath": "/x/b.mp4"], true),
            (["status": 2, "sourceFilePath": "/x/b.mp4"], true),
            (["status": 4, "sourceFilePath": "/x/b.mp4"], true),
            (["status": 1, "sourceFilePath": "/x/b.mp4"], true),
            (["status": 1, "finishedAt": .date(RetentionTests.yesterday), "sourceFilePath": "/x/b.mp4"], false),
            (["status": 0, "sourceFilePath": "/x/ab.mp4"], false),
            (["status": 0, "sourceFilePath": 7], false),
            (["status": 0], false),
        ] as [(BSONDocument, Bool)])
    func anUploadNeedsItsFileUntilItIsCompleteForLong(upload: BSONDocument, needs: Bool) async throws {
        try await QueueFixture.run { fixture in
            try await fixture.raw.collection("AnnotationContentUpload").insertOne(upload)
            let paths = try await fixture.database.retention.neededPaths(
                completeAfter: Date(), fileName: "b.mp4")
            #expect(paths == (needs ? ["/x/b.mp4"] : []))
        }
    }

    @Test func aFinishedJobIsForgottenWithItsUnitsAndALiveOneIsNot() async throws {
        try await QueueFixture.run { fixture in
            let retention = fixture.database.retention
            let job = try await self.succeededJob(fixture)
            let live = try await fixture.queuedJob(clipCount: 1, runNumber: 2)
            let items = try await fixture.count("ContentJobUnit")
            #expect(try await !retention.remove(live.id))
            #expect(try await fixture.count("ContentJobUnit") == items)
            #expect(try await retention.remove(job.id))
            #expect(try await fixture.database.jobs.header(of: job.id) == nil)
            #expect(try await fixture.raw.collection("ContentJobUnit").count(["jobId": .objectID(job.id)]) == 0)
            #expect(try await fixture.raw.collection("ContentJobUnit").count(["jobId": .objectID(live.id)]) == 3)
        }
    }

    @Test func aFinishedJobWithAUnitInTheQueueIsNotForgotten() async throws {
        try await QueueFixture.run { fixture in
            // Its last work item was not settled yet.
            let job = try await fixture.queuedJob(clipCount: 0)
            try await fixture.database.end(job, as: .succeeded, nil)
            #expect(try await !fixture.database.retention.remove(job.id))
            #expect(try await fixture.raw.collection("ContentJobUnit").count(["jobId": .objectID(job.id)]) == 2)
        }
    }

    @Test func aJobWithSomethingLeftToDoAfterItsEndIsNotForgotten() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 0)
            // Its objects are not tidied yet.
            try await fixture.database.end(job, as: .failed, JobError(code: 500, message: "It broke."))
            #expect(try await !fixture.database.retention.remove(job.id))
            let subject = try #require(
                try await fixture.database.retention.endedSubjects(before: Self.tomorrow, after: nil, limit: 9)
                    .subjects.first)
            #expect(subject.history.forgettable(before: Self.tomorrow, isComplete: true).isEmpty)
        }
    }

    @Test func endedSubjectsComePageByPageWithAllTheirRuns() async throws {
        try await QueueFixture.run { fixture in
            let retention = fixture.database.retention
            let first = try await self.succeededJob(fixture)
            let second = try await self.succeededJob(fixture, runNumber: 2)
            let page = try await retention.endedSubjects(before: Self.tomorrow, after: nil, limit: 1)
            #expect(page.subjects.map(\.id) == [fixture.uploadId] && page.next == first.id)
            let subject = try #require(page.subjects.first)
            #expect(
                subject.history.forgettable(before: Self.tomorrow, isComplete: subject.isComplete).map(\.id)
                    == [first.id, second.id])
            // The first run would have ended before, by its id, but nothing of the upload goes while the second is
            // young.
            #expect(subject.history.forgettable(before: Self.yesterday, isComplete: true).isEmpty)
            let rest = try await retention.endedSubjects(before: Self.tomorrow, after: second.id, limit: 1)
            #expect(rest.subjects.isEmpty && rest.next == nil)
        }
    }
}
