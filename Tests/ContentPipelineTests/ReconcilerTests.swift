import BSON
import ContentPipeline
import Domain
import Foundation
import JobWorker
import MongoDriver
import MongoStore
import ObjectStore
import TestSupport
import Testing

/// What crashes leave between two documents, and what the reconciler makes of it.
@Suite struct ReconcilerTests {
    /// Finds and does what there is; returns the descriptions of what was found.
    @discardableResult
    private func reconcile(_ fixture: PipelineFixture) async throws -> [String] {
        let steps = try await fixture.reconciler.findings()
        #expect(try await fixture.reconciler.perform(steps) == 0)
        return steps.map(\.description)
    }

    @Test func aQuietDatabaseHasNothingToDo() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            _ = try await fixture.finish(try await fixture.start(try await fixture.upload()))
            #expect(try await self.reconcile(fixture).isEmpty)
        }
    }

    @Test func aJobThatNeverReachedTheQueueIsQueued() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            let job = try await fixture.start(upload)
            // As if the service had been killed after the job's document was written.
            try await fixture.raw.collection("ContentJobUnit").deleteMany([:])
            try await fixture.raw.collection("ContentJob").updateOne(
                [:], ["$set": ["pending": "plan", "dates.created": .date(Date(timeIntervalSinceNow: -60))]])
            #expect(try await self.reconcile(fixture).contains { $0.contains("queued again") })
            #expect(try await fixture.finish(job).state == .succeeded)
        }
    }

    @Test func aJobThatWasRecordedAMomentAgoIsLeftToItsRequest() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            _ = try await fixture.start(try await fixture.upload())
            try await fixture.raw.collection("ContentJob").updateOne([:], ["$set": ["pending": "plan"]])
            #expect(try await self.reconcile(fixture).isEmpty)
        }
    }

    @Test func anEndThatTheUploadWasNotToldIsTold() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            let job = try await fixture.start(upload)
            _ = try await fixture.raw.collection("ContentJob").updateOne(
                ["_id": .objectID(job.id)],
                [
                    "$set": [
                        "state": "failed", "pending": "announcement",
                        "error": ["error_code": 500, "message": "It broke."],
                    ]
                ])
            #expect(try await self.reconcile(fixture).contains { $0.contains("its upload is told") })
            let document = try await fixture.document(upload)
            #expect(document["status"] == 2)
            #expect(document["errorMessage"]?.documentValue?["message"] == "It broke.")
            // Its work items have left the queue, and the next look tidies up.
            #expect(try await fixture.database.workItems.take(by: "a", lease: .seconds(9)) == nil)
            #expect(try await self.reconcile(fixture).contains { $0.contains("ended early") })
            #expect(try await self.reconcile(fixture).isEmpty)
        }
    }

    @Test func objectsThatNobodySeesGoWithACancelledJob() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.long.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            let job = try await fixture.start(upload)
            let worker = try fixture.worker()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await worker.run() }
                try await fixture.wait { try await fixture.tasks(upload).count >= 1 }
                try await fixture.database.end(job, as: .cancelled, .cancelled)
                worker.stop()
                try await group.waitForAll()
            }
            let published = try await fixture.tasks(upload).compactMap { $0["videoPath"]?.stringValue }
            // An object that was put and never published.
            let orphan = "contents/p1/task-9-cam/task-9-cam.mp4"
            let bytes = Array("half".utf8)
            try await fixture.store.put(
                bytes, at: orphan, contentType: "video/mp4", sha256: fixture.sha256(bytes))
            _ = try await fixture.database.objects.claim(orphan, for: job, clip: 9)
            #expect(try await self.reconcile(fixture).contains { $0.contains("ended early") })
            #expect(try await fixture.keys() == published.sorted())
            #expect(try await fixture.header(job).state == .cancelled)
        }
    }

    @Test func theClipOfATaskThatPeopleSeeStaysWhereverItsWorkItemWasStopped() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.long.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            let job = try await fixture.start(upload)
            #expect(try await fixture.finish(job).state == .succeeded)
            let keys = try await fixture.keys()
            // As if the job had been cancelled after a task was published and before its work item was completed.
            try await fixture.raw.collection("ContentJobUnit").updateOne(
                ["jobId": .objectID(job.id), "piece": 1], ["$set": ["state": "stopped"]])
            try await fixture.raw.collection("ContentJob").updateOne(
                [:], ["$set": ["state": "cancelled", "pending": "tidying"]])
            #expect(try await self.reconcile(fixture).contains { $0.contains("ended early") })
            #expect(try await fixture.keys() == keys)
        }
    }

    @Test func aTemporaryClipOfADeadAttemptIsRemovedAndThatOfALiveOneStays() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            _ = try await fixture.start(try await fixture.upload())
            let item = try #require(try await fixture.database.workItems.take(by: "a", lease: .seconds(30)))
            let clips = fixture.folder.url.appending(path: "work/clips")
            try FileManager.default.createDirectory(at: clips, withIntermediateDirectories: true)
            for fence in [item.fence - 1, item.fence] {
                try Data("clip".utf8).write(to: clips.appending(path: "\(item.id)-\(fence).mp4"))
            }
            #expect(try await self.reconcile(fixture).contains { $0.contains("temporary clip") })
            #expect(fixture.leftovers() == ["\(item.id)-\(item.fence).mp4"])
        }
    }

    @Test func aWorkItemWhoseWorkerIsGoneIsTold() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let job = try await fixture.start(try await fixture.upload())
            _ = try await fixture.database.workItems.take(by: "a", lease: .milliseconds(1))
            try await fixture.wait {
                try await fixture.reconciler.findings().contains {
                    $0.description.contains("the worker at plan is gone")
                }
            }
            #expect(try await fixture.finish(job).state == .succeeded)
        }
    }

    /// An upload's age in seconds, whether its document holds a whole request, and whether it is taken up.
    static let orphans: [(age: Double, isWhole: Bool, isTakenUp: Bool)] = [
        (10, true, false), (90, true, true), (3 * 3600 - 60, true, true), (3 * 3600 + 60, true, false),
        (90, false, false),
    ]

    @Test(arguments: orphans)
    func anUploadWhoseRequestWasLostIsTakenUp(_ age: Double, _ isWhole: Bool, _ isTakenUp: Bool) async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            var fields: BSONDocument = [
                "createdAt": .date(Date(timeIntervalSinceNow: -age)), "frame_rate": 5, "force_write": 0,
                "request_annotation_version": 0, "request_type": 0,
            ]
            if isWhole { fields["sourceFilePath"] = "contents/p1/cam.mp4" }
            let upload = try await fixture.upload(fields: fields)
            let steps = try await fixture.reconciler.findings()
            #expect(steps.count == 1)
            #expect(steps.first?.isOnlyTold == !isTakenUp)
            try await fixture.reconciler.perform(steps)
            #expect(try await fixture.raw.collection("ContentJob").count() == (isTakenUp ? 1 : 0))
            #expect((try await fixture.document(upload)["processing"] != nil) == isTakenUp)
        }
    }

    @Test func aStepThatFailsDoesNotStopTheOthers() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            for (number, path) in [(1, "contents/p1/gone.mp4"), (2, "contents/p1/cam.mp4")] {
                _ = try await fixture.upload(
                    UInt64(number),
                    fields: [
                        "createdAt": .date(Date(timeIntervalSinceNow: -90)), "frame_rate": 5, "force_write": 0,
                        "request_annotation_version": 0, "request_type": 0, "sourceFilePath": .string(path),
                    ])
            }
            #expect(try await fixture.reconciler.perform(try await fixture.reconciler.findings()) == 1)
            #expect(try await fixture.raw.collection("ContentJob").count() == 1)
        }
    }
}

extension PipelineFixture {
    func sha256(_ bytes: [UInt8]) -> String { ContentDigest.sha256(of: bytes) }
}
