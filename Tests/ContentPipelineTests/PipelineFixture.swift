import BSON
import ContentPipeline
import Domain
import Foundation
import FrameKit
import JobWorker
import Logging
import MongoDriver
import MongoStore
import ObjectStore
import TestSupport
import Testing

/// A project, a content folder, an object store and a database: all that the pipeline works with, and nothing of it
/// made up.
struct PipelineFixture: Sendable {
    let database: AnnotationDatabase
    let raw: MongoDatabase
    let store: any BlobStore
    let folder: TestFolder
    let settings: PipelineSettings
    let projectId = ObjectID(seconds: 7, unique: 2)

    static func run(
        queueLimit: Int = 100, discardsHumanWork: Bool = false, _ body: (PipelineFixture) async throws -> Void
    ) async throws {
        try await TestServer.withCollections { database, raw in
            let folder = try TestFolder()
            for name in ["contents/p1", "work", "models", "objects"] {
                try FileManager.default.createDirectory(
                    at: folder.url.appending(path: name), withIntermediateDirectories: true)
            }
            let fixture = PipelineFixture(
                database: database, raw: raw, store: try DirectoryStore(path: folder.file("objects")), folder: folder,
                settings: Self.settings(folder, queueLimit: queueLimit, discardsHumanWork: discardsHumanWork))
            try await raw.collection("AnnotationProject").insertOne(["_id": .objectID(fixture.projectId)])
            try await body(fixture)
        }
    }

    private static func settings(
        _ folder: TestFolder, queueLimit: Int, discardsHumanWork: Bool
    ) -> PipelineSettings {
        PipelineSettings(
            folders: .init(root: folder.path, contentBase: folder.file("contents"), work: folder.file("work")),
            content: .init(
                allowedExtensions: ["mp4", "mkv", "zip"], maxFileByteCount: 1 << 20, limits: .standard,
                framesPerTask: 10, forceWriteDiscardsHumanWork: discardsHumanWork),
            encoding: EncodingSettings(preset: .ultrafast), lease: .seconds(30),
            attempts: AttemptPolicy(attemptLimit: 3), queueLimit: queueLimit,
            annotation: AnnotationSettings(
                configured: [Self.motionVersion], modelFolder: folder.file("models"), libraryFolder: "/nowhere",
                threadCount: 1, allowedServers: []))
    }

    /// Version 1: background subtraction, which needs no model.
    static let motionVersion = AnnotatorVersion(
        number: 1,
        meaning: AnnotatorMeaning(engine: .motion, confidence: 0.25, iou: 0.45, tracks: true))

    /// Puts a file into the content folder.
    func add(_ path: String, as name: String) throws {
        try FileManager.default.copyItem(atPath: path, toPath: self.folder.file("contents/p1/\(name)"))
    }

    /// A new upload of the project that waits for its request.
    func upload(_ number: UInt64 = 1, fields: BSONDocument = [:]) async throws -> ObjectID {
        let id = ObjectID(seconds: 9, unique: number)
        let own: BSONDocument = ["_id": .objectID(id), "projectId": .objectID(self.projectId), "status": 0]
        try await self.raw.collection("AnnotationContentUpload").insertOne(own.merging(fields))
        return id
    }

    /// The fields of a request, some of them replaced.
    func request(_ upload: ObjectID, _ changes: [String: String] = [:]) -> [String: String] {
        [
            "upload_id": "\(upload)", "project_id": "\(self.projectId)", "frame_rate": "5",
            "content_path": "contents/p1/cam.mp4", "force_write": "0", "auto_anno_version": "0", "request_type": "0",
        ].merging(changes) { $1 }
    }

    var registry: AnnotatorRegistry {
        AnnotatorRegistry(database: self.database, store: self.store, settings: self.settings)
    }

    var intake: RequestIntake {
        RequestIntake(database: self.database, annotators: self.registry, settings: self.settings)
    }

    var reconciler: Reconciler {
        Reconciler(
            intake: self.intake, database: self.database, store: self.store, settings: self.settings,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Accepts a request that starts or joins a job.
    func start(_ upload: ObjectID, _ changes: [String: String] = [:]) async throws -> ProcessingJob {
        let answer = try await self.intake.accept(fields: self.request(upload, changes))
        guard case .job(let job) = answer else { throw NoJob(answer: "\(answer)") }
        return job
    }

    struct NoJob: Error { let answer: String }

    func worker(_ owner: String = "worker") throws -> Worker {
        let meter = WorkMeter()
        let handler = UploadHandler(
            database: self.database, store: self.store,
            transport: NoServers(), settings: self.settings, meter: meter)
        return Worker(
            owner: owner, database: self.database, handlers: [.processContent: handler], lease: .seconds(30),
            attempts: self.settings.attempts, meter: meter,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Has a worker work until the job has ended.
    func finish(_ job: ProcessingJob) async throws -> JobHeader {
        let worker = try self.worker()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await worker.run() }
            try await self.wait { try await !self.header(job).state.isLive }
            worker.stop()
            try await group.waitForAll()
        }
        return try await self.header(job)
    }

    /// Looks every few milliseconds.
    func wait(until isReached: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(150)
        while try await !isReached() {
            try #require(ContinuousClock.now < end, "it took too long")
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

// MARK: What is there

extension PipelineFixture {
    func header(_ job: ProcessingJob) async throws -> JobHeader {
        try #require(try await self.database.jobs.header(of: job.id))
    }

    func document(_ upload: ObjectID) async throws -> BSONDocument {
        try #require(
            try await self.raw.collection("AnnotationContentUpload").findOne(["_id": .objectID(upload)]))
    }

    func tasks(_ upload: ObjectID) async throws -> [BSONDocument] {
        try await self.database.tasks.documents(ofUpload: upload)
    }

    /// The frames of an upload's tasks, by task and number.
    func frames(_ upload: ObjectID) async throws -> [BSONDocument] {
        let tasks = try await self.tasks(upload).compactMap { $0["_id"] }
        return try await self.raw.collection("AnnotationFrame").find(
            Query(["taskId": ["$in": .array(tasks)]], sort: ["taskId": 1, "frameId": 1]))
    }

    /// The keys of all objects.
    func keys() async throws -> [String] { try await self.store.keys(startingWith: "contents") }

    /// The numbers that the frames of the clip at `key` show.
    func numbers(_ key: String) throws -> [Int?] { try NumberedVideo.numbers(in: self.folder.file("objects/\(key)")) }

    /// Temporary files that somebody left.
    func leftovers() -> [String] {
        let clips = self.folder.file("work/clips")
        return (try? FileManager.default.contentsOfDirectory(atPath: clips)) ?? []  // Not every job makes the folder.
    }

    /// What tells two outcomes apart: everything but times.
    func outcome(_ upload: ObjectID) async throws -> [BSONDocument] {
        (try await self.tasks(upload) + (try await self.frames(upload))).map { document in
            var document = document
            document["createdAt"] = nil
            document["updatedAt"] = nil
            return document
        }
    }
}

/// Videos that tests of this module share.
enum SharedVideo {
    /// 60 frames at 30 a second: 10 frames at 5 a second, one clip.
    static let short = Result { try NumberedVideo("-c:v libx264 -bf 2 -g 30", as: "mp4", size: "160x96") }

    /// 150 frames: 25 frames at 5 a second, three clips of at most ten.
    static let long = Result {
        try NumberedVideo("-c:v libx264 -bf 2 -g 30", as: "mp4", frameCount: 150, size: "160x96")
    }
}

/// A network without inference servers: no version of these tests needs one.
private struct NoServers: HTTPTransport {
    func send(
        _ request: HTTPTransportRequest, within limit: Duration
    ) async throws(HTTPTransportError) -> HTTPTransportResponse {
        throw HTTPTransportError(code: .unavailable, message: "there is no server at \(request.url)")
    }
}
