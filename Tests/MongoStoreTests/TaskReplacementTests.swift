import Domain
import MongoDriver
import Testing

@testable import MongoStore

@Suite struct WithdrawalTests {
    static let taskId = ObjectID(seconds: 3, unique: 3)

    /// What a person can leave on a frame, and what only looks like it.
    static let frames: [(BSONDocument, Bool)] = [
        (["isUserAnnotated": true], true),
        (["boxes": [["boundaries": ["label": "a"]], ["boundaries": ["annotatorId": "p"]]]], true),
        (["commentBoxes": [["text": "?"]]], true),
        (["datasetVersions": [["versionId": "v"]]], true),
        (["boxes": [["boundaries": ["label": "a", "annotationVersion": 1]]]], false),
        (["isUserAnnotated": false, "boxes": [], "commentBoxes": [], "datasetVersions": []], false),
        ([:], false),
    ]

    private func plant(_ fixture: QueueFixture, _ fields: BSONDocument) async throws {
        let frames = fixture.raw.collection("AnnotationFrame")
        try await fixture.raw.collection("AnnotationTask").insertOne([
            "_id": .objectID(Self.taskId), "uploadId": .objectID(fixture.uploadId), "taskName": "task-0-a",
        ])
        try await frames.insertMany([
            fields.merging(["taskId": .objectID(Self.taskId), "frameId": 1]),
            ["taskId": .objectID(Self.taskId), "frameId": 2],
        ])
    }

    @Test(arguments: frames)
    func humanWorkIsSeenAndSpared(fields: BSONDocument, isHuman: Bool) async throws {
        try await QueueFixture.run { fixture in
            try await self.plant(fixture, fields)
            let sentence = try await fixture.database.tasks.humanWork(onUpload: fixture.uploadId)
            #expect((sentence != nil) == isHuman)
            let isGone = try await fixture.database.replacedTasks.remove(Self.taskId, sparingHumanWork: true)
            #expect(isGone == !isHuman)
            #expect(try await fixture.count("AnnotationTask") == (isHuman ? 1 : 0))
            #expect(try await fixture.count("AnnotationFrame") == (isHuman ? 2 : 0))
            #expect(try await fixture.count("ContentWithdrawnFrame") == 0)
        }
    }

    @Test func aTaskThatAPersonSavedInBetweenBecomesWholeAgain() async throws {
        try await QueueFixture.run { fixture in
            try await self.plant(fixture, [:])
            // A replacement that died after its first deletions, before a person saved the other frame.
            for (from, into) in [
                ("AnnotationFrame", "ContentWithdrawnFrame"), ("AnnotationTask", "ContentWithdrawnTask"),
            ] {
                try await fixture.raw.collection(from).aggregate([["$merge": ["into": .string(into)]]])
            }
            let frames = fixture.raw.collection("AnnotationFrame")
            try await frames.deleteOne(["frameId": 2])
            try await frames.updateOne(["frameId": 1], ["$set": ["isUserAnnotated": true]])

            #expect(try await !fixture.database.replacedTasks.remove(Self.taskId, sparingHumanWork: true))
            #expect(try await frames.count() == 2)
            #expect(try await frames.count(["isUserAnnotated": true]) == 1)
            #expect(try await fixture.count("AnnotationTask") == 1)
            #expect(try await fixture.count("ContentWithdrawnTask") == 0)
        }
    }

    @Test func aDatasetVersionThatNamesATaskIsInTheWay() async throws {
        try await QueueFixture.run { fixture in
            try await self.plant(fixture, [:])
            try await fixture.raw.collection("AnnotationDatasetVersion").insertOne([
                "taskList": [.objectID(Self.taskId)]
            ])
            #expect(try await fixture.database.tasks.humanWork(onUpload: fixture.uploadId) != nil)
        }
    }

    @Test func whatLiesAtAKeyThatWasFreeIsOurs() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let objects = fixture.database.objects
            #expect(try await objects.claim("contents/k", for: job, clip: 0) == .claimed)
            try await objects.recordFree("contents/k", for: job)
            #expect(try await objects.claim("contents/k", for: job, clip: 0) == .owned)
        }
    }

    @Test func keysHaveOneOwner() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let objects = fixture.database.objects
            #expect(try await objects.claim("contents/k", for: job, clip: 0) == .claimed)
            #expect(try await objects.claim("contents/k", for: job, clip: 0) == .claimed)
            try await objects.recordWrite("contents/k", by: job, clip: 0, sha256: "s", byteCount: 5)
            #expect(try await objects.claim("contents/k", for: job, clip: 0) == .owned)
            let other = ProcessingJob(
                id: ObjectID(seconds: 9, unique: 0), runNumber: 1,
                parameters: ProcessParameters(
                    uploadId: ObjectID(seconds: 8, unique: 8), projectId: fixture.projectId, frameRate: 5,
                    contentPath: "a", forceWrite: false, autoAnnotationVersion: 0, requestType: .tasks,
                    contentType: .video), framesPerTask: 2, createdAt: job.dates.created)
            #expect(try await objects.claim("contents/k", for: other, clip: 0) == .foreign)
            try await objects.release("contents/k")
            #expect(try await objects.claim("contents/k", for: job, clip: 0) == .owned)
            #expect(try await objects.surplus(after: other).isEmpty)
        }
    }
}
