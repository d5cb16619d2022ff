import Domain
import Foundation
import TestSupport
import Testing

@testable import MongoStore

@Suite struct QueueJobTests {
    @Test func publishingTwiceChangesNothing() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 1)
            let item = try #require(try await fixture.database.workItems.take(by: "a", lease: .seconds(30)))
            try await fixture.publish(item, of: job)
            let frames = fixture.raw.collection("AnnotationFrame")
            try await frames.updateOne(["frameId": 1], ["$set": ["isUserAnnotated": true]])
            try await fixture.publish(item, of: job)
            #expect(try await fixture.count("AnnotationFrame") == 2)
            #expect(try await fixture.count("AnnotationTask") == 1)
            #expect(try await frames.count(["isUserAnnotated": true]) == 1)
        }
    }

    @Test func ofTwoRunsWithOneNumberOneIsRecorded() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let rival = ProcessingJob(
                id: ProcessingJob.newId(seconds: 1, random: 1), runNumber: 1, parameters: job.parameters,
                framesPerTask: 2, createdAt: Date())
            #expect(try await !fixture.database.jobs.insert(rival))
            #expect(try await fixture.database.jobs.latest(ofUpload: fixture.uploadId)?.id == job.id)
        }
    }

    @Test func acceptingKeepsWhatOthersWrote() async throws {
        try await QueueFixture.run { fixture in
            _ = try await fixture.queuedJob()
            let upload = try await fixture.upload()
            #expect(upload["ofTheBackend"] == "kept")
            #expect(upload["status"] == 0)
            #expect(upload["frames_per_task"] == 2)
            #expect(upload["errorMessage"] == [:])
        }
    }

    @Test func aSnapshotOfManyJobsTellsOfEach() async throws {
        try await QueueFixture.run { fixture in
            let items = fixture.database.workItems
            let first = try await fixture.queuedJob(clipCount: 2)
            let done = try #require(try await items.take(by: "a", lease: .seconds(30)))
            #expect(try await items.complete(done, framesDone: 2))
            try await fixture.database.end(first, as: .cancelled, .cancelled)
            let second = try await fixture.queuedJob(clipCount: 3, runNumber: 2)
            let failing = try #require(try await items.take(by: "a", lease: .seconds(30)))
            let error = JobError(code: 503, message: "away")
            try await items.release(failing, after: .seconds(30), countsAsAttempt: false, error: error)

            let unknown = ObjectID(seconds: 1, unique: 1)
            let snapshots = try await fixture.database.snapshots(of: [first.id, unknown, second.id])
            #expect(Set(snapshots.keys) == [first.id, second.id])
            #expect(snapshots[first.id]?.job.state == .cancelled)
            #expect(
                snapshots[first.id]?.progress
                    == JobProgress(partsDone: 1, partCount: 2, framesDone: 2, frameCount: 4))
            #expect(snapshots[first.id]?.stall == nil)
            #expect(snapshots[second.id]?.progress.partsDone == 0)
            #expect(snapshots[second.id]?.stall?.error == error)
            #expect(
                try await fixture.database.newestJobs(JobFilter(state: .cancelled), limit: 9).map(\.job.id) == [
                    first.id
                ])
        }
    }

    @Test func aCancelledJobStopsItsWorkersAndTellsTheUpload() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 2)
            let item = try #require(try await fixture.database.workItems.take(by: "a", lease: .seconds(30)))
            try await fixture.database.end(job, as: .cancelled, .cancelled)
            #expect(try await !fixture.database.workItems.renew(item, lease: .seconds(30), framesDone: 0))
            #expect(try await fixture.database.workItems.take(by: "b", lease: .seconds(30)) == nil)
            let upload = try await fixture.upload()
            #expect(upload["status"] == 2)
            #expect(upload["errorMessage"]?.documentValue?["error_code"] == 499)

            // The worker has not said that it stopped: a run that replaces this one must wait for it.
            #expect(try await fixture.database.workItems.hasWorkers(on: job))
            try await fixture.database.workItems.acknowledgeStop(by: "a")
            #expect(try await !fixture.database.workItems.hasWorkers(on: job))
        }
    }

    @Test func anEndedJobCannotEndAgain() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob()
            try await fixture.database.end(job, as: .cancelled, .cancelled)
            try await fixture.database.end(job, as: .succeeded, nil)
            #expect(try await fixture.database.jobs.find(job.id)?.state == .cancelled)
            #expect(try await fixture.upload()["status"] == 2)
        }
    }

    @Test func aRestartedJobGoesOnUnderAHigherFence() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 2)
            let item = try #require(try await fixture.database.workItems.take(by: "a", lease: .seconds(30)))
            try await fixture.publish(item, of: job)
            #expect(try await fixture.database.workItems.complete(item, framesDone: 2))
            let first = try await fixture.header(of: job)
            try await fixture.database.end(job, as: .failed, JobError(code: 500, message: "x"))

            let ended = try #require(try await fixture.database.jobs.find(job.id))
            let restarted = try #require(try await fixture.database.jobs.restart(ended))
            #expect(try await fixture.database.jobs.restart(ended) == nil)
            // Had the service died here, the reconciler would do the rest.
            let forgotten = try await fixture.database.jobs.unplanned(before: .distantFuture)
            #expect(forgotten.map(\.id) == [job.id])
            try await fixture.database.enqueue(restarted)
            #expect(restarted.fence == job.fence + 1)
            let next = try #require(try await fixture.database.workItems.take(by: "b", lease: .seconds(30)))
            #expect(next.work == .part(index: 1))
            // A late report of the first start misses the upload.
            #expect(try await !fixture.database.reportProgress(of: first, runningFrames: 0))
            let second = try await fixture.header(of: job)
            #expect(try await fixture.database.reportProgress(of: second, runningFrames: 0))
            #expect(try await fixture.upload()["progress"] == 50)
        }
    }

    @Test func progressNeverFalls() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 2)
            let item = try #require(try await fixture.database.workItems.take(by: "a", lease: .seconds(30)))
            _ = try await fixture.database.workItems.renew(item, lease: .seconds(30), framesDone: 2)
            let header = try await fixture.header(of: job)
            #expect(try await fixture.database.reportProgress(of: header, runningFrames: 2))
            try await fixture.database.workItems.release(item, after: .zero, countsAsAttempt: true, error: nil)
            _ = try await fixture.database.workItems.take(by: "b", lease: .seconds(30))
            #expect(try await fixture.database.reportProgress(of: header, runningFrames: 0))
            #expect(try await fixture.upload()["progress"] == 50)
        }
    }

    @Test func partsAreCountedAsTheyAreCompletedAndExactlyAtTheEnd() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 3)
            let items = fixture.database.workItems
            let first = try #require(try await items.take(by: "a", lease: .seconds(30)))
            let counted = try await fixture.database.complete(first, of: job, framesDone: 2)
            #expect(counted == JobCounts(parts: 1, frames: 2))
            #expect(try await fixture.database.complete(first, of: job, framesDone: 2) == nil)
            #expect(try await fixture.header(of: job).counts == JobCounts(parts: 1, frames: 2))

            // Its worker is killed before it can count.
            let second = try #require(try await items.take(by: "a", lease: .seconds(30)))
            #expect(try await items.complete(second, framesDone: 2))
            #expect(try await fixture.header(of: job).counts == JobCounts(parts: 1, frames: 2))
            #expect(try await !fixture.database.markProcessed(job))

            let third = try #require(try await items.take(by: "a", lease: .seconds(30)))
            _ = try await fixture.database.complete(third, of: job, framesDone: 2)
            #expect(try await fixture.database.markProcessed(job))
            try await fixture.database.end(job, as: .succeeded, nil)
            #expect(try await fixture.header(of: job).counts == JobCounts(parts: 3, frames: 6))
            #expect(try await fixture.upload()["taskCount"] == 3)
        }
    }

    @Test func partsThatAreMadeAgainAreCountedAgain() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 2)
            for _ in 0..<2 {
                let item = try #require(try await fixture.database.workItems.take(by: "a", lease: .seconds(30)))
                _ = try await fixture.database.complete(item, of: job, framesDone: 2)
            }
            try await fixture.database.reopen(parts: [1], of: job)
            #expect(try await fixture.header(of: job).counts == JobCounts(parts: 1, frames: 2))
            #expect(try await !fixture.database.markProcessed(job))
        }
    }

    @Test func doubleFramesOfTheReplacedSystemDoNotStopTheStart() async throws {
        try await TestServer.withDatabase { raw in
            let old: BSONDocument = ["taskId": .objectID(ObjectID(seconds: 1, unique: 1)), "frameId": 1.0]
            try await raw.collection("AnnotationFrame").insertMany([old, old])
            try await AnnotationDatabase(raw).prepareOnce()
            #expect(try await raw.collection("AnnotationFrame").count() == 2)
        }
    }

    @Test func anIndexOfTheBackendsUnderAnotherNameServes() async throws {
        try await TestServer.withDatabase { raw in
            try await raw.collection("AnnotationFrame").createIndexes([
                IndexDefinition(name: "frames by task", keys: ["taskId": 1])
            ])
            try await AnnotationDatabase(raw).prepareOnce()
        }
    }
}
