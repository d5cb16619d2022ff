import Domain
import Foundation
import JobWorker
import Logging
import MongoStore
import TestSupport
import Testing

/// An upload with its project in a database of its own, and workers that do its jobs.
struct WorkerFixture: Sendable {
    let database: AnnotationDatabase
    let raw: MongoDatabase
    let uploadId = ObjectID(seconds: 7, unique: 1)
    let projectId = ObjectID(seconds: 7, unique: 2)

    static func run(_ body: (WorkerFixture) async throws -> Void) async throws {
        try await TestServer.withCollections { database, raw in
            let fixture = WorkerFixture(database: database, raw: raw)
            try await raw.collection("AnnotationProject").insertOne(["_id": .objectID(fixture.projectId)])
            try await raw.collection("AnnotationContentUpload").insertOne([
                "_id": .objectID(fixture.uploadId), "projectId": .objectID(fixture.projectId), "status": 0,
            ])
            try await body(fixture)
        }
    }

    /// A job that waits in the queue.
    func queuedJob() async throws -> ProcessingJob {
        let parameters = ProcessParameters(
            uploadId: self.uploadId, projectId: self.projectId, frameRate: 5, contentPath: "./contents/p/a.mp4",
            forceWrite: false, autoAnnotationVersion: 0, requestType: .tasks, contentType: .video)
        let job = ProcessingJob(
            id: ProcessingJob.newId(seconds: 1001, random: .random(in: .min ... .max)), runNumber: 1,
            parameters: parameters, framesPerTask: 2,
            createdAt: Date(timeIntervalSince1970: 1_000_000))
        #expect(try await self.database.jobs.insert(job))
        try await self.database.enqueue(job)
        return job
    }

    func worker(
        _ handler: any WorkHandler, owner: String = "worker", of kind: JobKind = .processContent,
        lease: Duration = .seconds(30), attempts: Int = 3, meter: WorkMeter = WorkMeter()
    ) -> Worker {
        Worker(
            owner: owner, database: self.database, handlers: [kind: handler], lease: lease,
            attempts: AttemptPolicy(attemptLimit: attempts), meter: meter, logger: .silent)
    }

    /// Has `worker` work until `isReached`, and lets it end after the work item that it is at.
    func run(
        _ worker: Worker, until isReached: @escaping @Sendable () async throws -> Bool
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await worker.run() }
            group.addTask {
                try await Self.wait(until: isReached)
                worker.stop()
            }
            try await group.waitForAll()
        }
    }

    /// Has a worker do all that there is until the job has ended.
    func finish(_ job: ProcessingJob, by handler: any WorkHandler, attempts: Int = 3) async throws -> JobHeader {
        try await self.run(self.worker(handler, attempts: attempts)) { try await !self.header(of: job).state.isLive }
        return try await self.header(of: job)
    }

    /// Looks every few milliseconds.
    static func wait(until isReached: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(150)
        while try await !isReached() {
            guard ContinuousClock.now < end else { throw TookTooLong() }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    struct TookTooLong: Error {}

    func header(of job: ProcessingJob) async throws -> JobHeader {
        try #require(try await self.database.jobs.header(of: job.id))
    }

    /// The job's work items, as they are.
    func items(of job: ProcessingJob) async throws -> [WorkItem] {
        try await self.raw.collection("ContentJobUnit").find(
            Query(["jobId": .objectID(job.id)], sort: ["_id": 1]), as: WorkItem.self)
    }

    func item(_ work: WorkItem.Work, of job: ProcessingJob) async throws -> WorkItem {
        try #require(try await self.items(of: job).first { $0.work == work })
    }

    func upload() async throws -> BSONDocument {
        try #require(try await self.raw.collection("AnnotationContentUpload").findOne([:]))
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
