import Domain
import Foundation
import TestSupport
import Testing

@testable import MongoStore

/// An upload with its project and one job, in a database of its own.
struct QueueFixture {
    let database: AnnotationDatabase
    let raw: MongoDatabase
    let uploadId = ObjectID(seconds: 7, unique: 1)
    let projectId = ObjectID(seconds: 7, unique: 2)

    static func run(_ body: (QueueFixture) async throws -> Void) async throws {
        try await TestServer.withDatabase { raw in
            let fixture = QueueFixture(database: AnnotationDatabase(raw), raw: raw)
            try await fixture.database.prepareOnce()
            try await raw.collection("AnnotationProject").insertOne(["_id": .objectID(fixture.projectId)])
            try await raw.collection("AnnotationContentUpload").insertOne([
                "_id": .objectID(fixture.uploadId), "projectId": .objectID(fixture.projectId), "status": 0,
                "ofTheBackend": "kept",
            ])
            try await body(fixture)
        }
    }

    /// A job in the queue whose plan says `clipCount` clips of two frames; its clip work items are queued, too.
    func queuedJob(clipCount: Int = 2, runNumber: Int = 1) async throws -> ProcessingJob {
        let parameters = ProcessParameters(
            uploadId: self.uploadId, projectId: self.projectId, frameRate: 5, contentPath: "./contents/p/a.mp4",
            forceWrite: false, autoAnnotationVersion: 0, requestType: .tasks, contentType: .video)
        let job = ProcessingJob(
            id: ProcessingJob.newId(seconds: UInt32(1000 + runNumber), random: 9), runNumber: runNumber,
            parameters: parameters, framesPerTask: 2, createdAt: Date(timeIntervalSince1970: 1_000_000))
        #expect(try await self.database.jobs.insert(job))
        try await self.database.enqueue(job)
        let plan = try #require(try await self.database.workItems.take(by: "planner", lease: .seconds(30)))
        #expect(plan.kind == .plan)
        #expect(try await self.database.jobs.start(job))
        let summary = PlanSummary(partCount: clipCount, frameCount: 2 * clipCount, sourceFrameCount: 100)
        let source = JobSource(byteCount: 1, modified: 2, sha256: String(repeating: "a", count: 64))
        #expect(try await self.database.jobs.record(source, summary, of: job))
        try await self.database.workItems.insert(summary, of: job, after: plan)
        #expect(try await self.database.workItems.complete(plan, framesDone: 0))
        return try #require(try await self.database.jobs.find(job.id))
    }

    func header(of job: ProcessingJob) async throws -> JobHeader {
        try #require(try await self.database.jobs.header(of: job.id))
    }

    func clip(_ index: Int) -> ClipPlan { ClipPlan(index: index, frameRate: 5, positions: [0, 6]) }

    func task(_ index: Int, of job: ProcessingJob) -> AnnotationTask {
        AnnotationTask(
            of: job, clip: self.clip(index),
            timeline: FrameTimeline(ticks: Array(0..<20), timeBase: Rational(1, 30)),
            facts: ClipFacts(
                objectKey: job.clipKeys.shared(ofClip: index), width: 64, height: 48, paddedWidth: 64,
                paddedHeight: 48, damagedFrames: 0),
            createdAt: Date(timeIntervalSince1970: 1_000_000))
    }

    func publish(_ item: WorkItem, of job: ProcessingJob) async throws {
        let index = try #require(item.part)
        let frames = AnnotationFrame.frames(of: job, clip: self.clip(index))
        try await self.database.publication.publish(frames, under: item)
        try await self.database.publication.publish(self.task(index, of: job), under: item)
    }

    func count(_ collection: String) async throws -> Int { try await self.raw.collection(collection).count() }

    func upload() async throws -> BSONDocument {
        try #require(try await self.raw.collection("AnnotationContentUpload").findOne([:]))
    }
}
