import Domain
import Foundation
import JobWorker
import MongoStore
import NIOConcurrencyHelpers
import TestSupport
import Testing

/// Leases, cancelled jobs, stopped and killed workers.
@Suite struct WorkerInterruptionTests {
    @Test func aCancelledWorkerGivesItsWorkItemBackAtOnce() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let handler = TestHandler(fixture, parts: 1) { _, _, _ in try await Task.sleep(for: .seconds(60)) }
            let worker = fixture.worker(handler)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await worker.run() }
                try await WorkerFixture.wait { handler.events.begun.contains(.part(index: 0)) }
                group.cancelAll()
            }
            let part = try await fixture.item(.part(index: 0), of: job)
            #expect(part.state == .waiting)
            #expect(part.lease?.owner == nil)
            #expect((part.attempts, part.losses) == (0, 0))
            #expect(try await fixture.database.workItems.take(by: "b", lease: .seconds(9))?.id == part.id)
        }
    }

    @Test func aStoppedWorkerFinishesWhatItIsAtAndTakesNoMore() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let box = NIOLockedValueBox<Worker?>(nil)
            let handler = TestHandler(fixture) { _, _, _ in box.withLockedValue { $0 }?.stop() }
            let worker = fixture.worker(handler)
            box.withLockedValue { $0 = worker }
            await worker.run()
            #expect(handler.events.begun == [.plan, .part(index: 0)])
            #expect(try await fixture.item(.part(index: 0), of: job).state == .done)
            #expect(try await fixture.item(.part(index: 1), of: job).state == .waiting)
        }
    }

    @Test func aCancelledJobStopsTheWorkThatIsDoneForIt() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let handler = TestHandler(fixture, parts: 1) { _, _, _ in try await Task.sleep(for: .seconds(60)) }
            let start = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                let worker = fixture.worker(handler)
                group.addTask { await worker.run() }
                try await WorkerFixture.wait { handler.events.begun.contains(.part(index: 0)) }
                try await fixture.database.end(job, as: .cancelled, .cancelled)
                // The worker says that it has stopped, and nobody need wait for its lease.
                try await WorkerFixture.wait { try await !fixture.database.workItems.hasWorkers(on: job) }
                group.cancelAll()
            }
            #expect(handler.events.cancelled == 1)
            #expect(ContinuousClock.now - start < .seconds(30))
            #expect(try await fixture.item(.part(index: 0), of: job).state == .stopped)
        }
    }

    @Test func aWorkItemWhoseJobHasEndedLeavesTheQueue() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            // As a crash leaves it between the end of the job and the stop of its work items.
            _ = try await fixture.raw.collection("ContentJob").updateOne(
                ["_id": .objectID(job.id)], ["$set": ["state": "cancelled"]])
            let handler = TestHandler(fixture)
            try await fixture.run(fixture.worker(handler)) {
                try await fixture.item(.plan, of: job).state == .stopped
            }
            #expect(handler.events.begun.isEmpty)
            // A run that replaces this one need not wait for the lease.
            try await WorkerFixture.wait { try await !fixture.database.workItems.hasWorkers(on: job) }
            #expect(try await fixture.item(.plan, of: job).lease == nil)
        }
    }

    @Test func aLostLeaseEndsTheWorkAndCountsAsALoss() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let meter = WorkMeter()
            let slow = TestHandler(fixture, parts: 1) { _, _, _ in try await Task.sleep(for: .seconds(60)) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                let worker = fixture.worker(slow, owner: "slow")
                group.addTask { await worker.run() }
                try await WorkerFixture.wait { slow.events.begun.contains(.part(index: 0)) }
                // As if the worker had been paused for longer than its lease.
                _ = try await fixture.raw.collection("ContentJobUnit").updateMany(
                    ["jobId": .objectID(job.id), "state": "running"],
                    ["$set": ["lease.until": .date(Date(timeIntervalSince1970: 0))]])
                worker.stop()
                let ended = fixture.worker(TestHandler(fixture, parts: 1), owner: "quick", meter: meter)
                try await fixture.run(ended) { try await !fixture.header(of: job).state.isLive }
                try await group.waitForAll()
            }
            #expect(slow.events.cancelled == 1)
            #expect(try await fixture.header(of: job).state == .succeeded)
            let part = try await fixture.item(.part(index: 0), of: job)
            #expect(part.isTakenOver == true)
            #expect(part.losses == 0)
            let sums = try #require(try await fixture.raw.collection("ContentMetrics").findOne(["_id": "work"]))
            #expect(sums["leaseLosses"]?.documentValue?["all"] == 1.0)
        }
    }

    @Test func aWorkItemThatLostTooManyWorkersQuarantinesItsJob() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            _ = try await fixture.raw.collection("ContentJobUnit").updateMany(
                ["jobId": .objectID(job.id)], ["$set": ["losses": 20]])
            let handler = TestHandler(fixture)
            let ended = try await fixture.finish(job, by: handler)
            #expect(ended.state == .quarantined)
            #expect(ended.error == JobError(code: 500, message: "The plan lost 20 workers."))
            #expect(handler.events.begun.isEmpty)
        }
    }

    @Test func progressIsReportedAboutOnceASecondWhileTheLeaseIsRenewed() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let handler = TestHandler(fixture, parts: 1) { _, _, counter in
                counter.set(1)
                // A lease of two seconds is renewed every half one: without that the work could not end.
                try await Task.sleep(for: .milliseconds(2600))
            }
            let worker = fixture.worker(handler, lease: .seconds(2))
            try await fixture.run(worker) { try await !fixture.header(of: job).state.isLive }
            #expect(try await fixture.header(of: job).state == .succeeded)
            // A slow machine reports on the plan, too, which has no frames.
            #expect(handler.events.reports.filter { $0 == 1 }.count >= 2)
        }
    }

    @Test func aReportThatHasNobodyToGoToEndsTheJob() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let handler = TestHandler(fixture, parts: 1, reportFailure: .permanent(404, "The upload is gone.")) {
                _, _, _ in try await Task.sleep(for: .seconds(60))
            }
            try await fixture.run(fixture.worker(handler, lease: .seconds(2))) {
                try await !fixture.header(of: job).state.isLive
            }
            #expect(try await fixture.header(of: job).error == JobError(code: 404, message: "The upload is gone."))
            // A slow machine reports on the plan already, and then the part does not begin.
            #expect(handler.events.cancelled == (handler.events.begun.contains(.part(index: 0)) ? 1 : 0))
        }
    }

    @Test func aCrashOfAWorkerSpeaksAgainstItsWorkItemAndAKillDoesNot() async throws {
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let queue = fixture.database.workItems
            _ = try await queue.take(by: "crashing", lease: .seconds(30))
            #expect(try await queue.reportCrash(of: "crashing", error: JobError(code: 500, message: "signal 11")) == 1)
            _ = try await queue.take(by: "killed", lease: .seconds(30))
            #expect(try await queue.reportCrash(of: "killed", error: nil) == 1)
            let plan = try await fixture.item(.plan, of: job)
            #expect((plan.attempts, plan.losses) == (1, 1))
            let handler = TestHandler(fixture)
            // Its next attempt would be the second; only one is allowed, so it is not even tried.
            let ended = try await fixture.finish(job, by: handler, attempts: 1)
            #expect(ended.state == .quarantined)
            #expect(ended.error?.message == "signal 11 (1 attempts)")
            #expect(handler.events.begun.isEmpty)
        }
    }

    @Test func aWorkerWithoutADatabaseWaitsAndEndsWhenItIsCancelled() async throws {
        var configuration = MongoConfiguration(uri: "mongodb://127.0.0.1:9", databaseName: "away")
        configuration.serverSelectionTimeout = .milliseconds(50)
        let database = AnnotationDatabase(try MongoDatabase(configuration))
        let worker = Worker(
            owner: "lonely", database: database, handlers: [:], lease: .seconds(5),
            attempts: AttemptPolicy(attemptLimit: 1), meter: WorkMeter(), logger: .silent)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await worker.run() }
            // Long enough for at least one vain look.
            try? await Task.sleep(for: .milliseconds(200))
            group.cancelAll()
        }
    }
}
