import BSON
import DatasetBuilder
import Domain
import Foundation
import JobWorker
import Logging
import MongoDriver
import MongoStore
import ObjectStore
import TestSupport
import Testing

/// A dataset version as the backend and annotators leave it, with clips in a store, and workers that build it.
struct DatasetFixture: Sendable {
    let database: AnnotationDatabase
    let raw: MongoDatabase
    let store: any BlobStore
    let folder: TestFolder
    let version = ObjectID(seconds: 11, unique: 1)
    let group = ObjectID(seconds: 11, unique: 2)

    static let frameCount = 6

    static func run(_ body: (DatasetFixture) async throws -> Void) async throws {
        try await TestServer.withCollections { database, raw in
            let folder = try TestFolder()
            try FileManager.default.createDirectory(
                at: folder.url.appending(path: "work"), withIntermediateDirectories: true)
            let store = try DirectoryStore(path: folder.file("objects"))
            try await body(DatasetFixture(database: database, raw: raw, store: store, folder: folder))
        }
    }

    var settings: DatasetSettings { self.settings(AugmentationRules(share: 0.5)) }

    private func settings(_ rules: AugmentationRules) -> DatasetSettings {
        DatasetSettings(
            rules: rules, jpegQuality: 90, workFolder: self.folder.file("work"), queueLimit: 10)
    }

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    // MARK: What people made

    /// A clip of six numbered frames, made once.
    private static let clip = Result {
        let video = try NumberedVideo(
            "-c:v libx264 -g 5", as: "mp4", frameCount: Self.frameCount, rate: "5", size: "160x96")
        return try withExtendedLifetime(video) { [UInt8](try Data(contentsOf: video.url)) }
    }

    /// Adds a task of the version whose frames have the boxes of a list each.
    @discardableResult
    func addTask(
        _ number: UInt64, boxes: [[BSONValue]], hasClip: Bool = true, splits: [Int]? = nil
    ) async throws -> ObjectID {
        let task = ObjectID(seconds: 20, unique: number)
        let key = "contents/p1/task-\(number)-cam/task-\(number)-cam.mp4"
        if hasClip {
            let bytes = try Self.clip.get()
            try await self.store.put(
                bytes, at: key, contentType: "video/mp4", sha256: ContentDigest.sha256(of: bytes))
        }
        try await self.raw.collection("AnnotationTask").insertOne([
            "_id": .objectID(task), "taskName": .string("task-\(number)-cam"), "videoPath": .string(key),
            "uploadId": .objectID(ObjectID(seconds: 30, unique: number)), "frameCount": .int(boxes.count),
            "frameRate": 5, "videoResolutionWidth": 160, "videoResolutionHeight": 96,
        ])
        for (index, frame) in boxes.enumerated() {
            var element: BSONDocument = ["versionId": .objectID(self.version)]
            if let splits { element["datasetType"] = .int(splits[index]) }
            try await self.raw.collection("AnnotationFrame").insertOne([
                "taskId": .objectID(task), "frameId": .int(index + 1), "boxes": .array(frame),
                "isUserAnnotated": true, "datasetVersions": [.document(element)],
            ])
        }
        return task
    }

    /// A box in pixels of the picture, as a person draws it.
    static func box(_ label: String, _ x: Double, _ y: Double, _ width: Double, _ height: Double) -> BSONValue {
        [
            "boundaries": [
                "type": "rectangle", "label": .string(label), "x": .double(x), "y": .double(y), "w": .double(width),
                "h": .double(height), "annotatorId": "anna",
            ]
        ]
    }

    /// Boxes of a whole task: one car a frame, and a person in the first.
    static let cars: [[BSONValue]] = (0..<Self.frameCount).map { number in
        [Self.box("car", 16 + Double(number), 24, 32, 48)] + (number == 0 ? [Self.box("person", 80, 0, 40, 96)] : [])
    }

    func addVersion(
        of tasks: [ObjectID], labels: [String] = ["car", "person"], _ fields: BSONDocument = [:]
    ) async throws {
        let document: BSONDocument = [
            "_id": .objectID(self.version), "dataSetGroupId": .objectID(self.group), "versionNo": "1.0.1",
            "taskList": .array(tasks.map(BSONValue.objectID)),
            "labelAttributeList": .array(
                labels.map { ["mainLabel": .string($0), "label": [.string($0)], "isEnabled": true] }),
        ]
        try await self.raw.collection("AnnotationDatasetVersion").insertOne(document.merging(fields))
    }

    // MARK: Building

    var intake: DatasetIntake { DatasetIntake(database: self.database, settings: self.settings) }

    /// Builds the version and returns how the job ended.
    func build(
        _ request: DatasetRequest = DatasetRequest(), rules: AugmentationRules = AugmentationRules(share: 0.5)
    ) async throws -> JobHeader {
        let job = try await self.intake.start(self.version, request)
        let handler = DatasetHandler(
            database: self.database, store: self.store, settings: self.settings(rules), logger: Self.logger)
        let worker = Worker(
            owner: "worker-\(UInt64.random(in: .min ... .max))", database: self.database,
            handlers: [.buildDataset: handler], lease: .seconds(30), attempts: AttemptPolicy(attemptLimit: 2),
            meter: WorkMeter(), logger: Self.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await worker.run() }
            let end = ContinuousClock.now + .seconds(150)
            while try await self.header(job).state.isLive {
                try #require(ContinuousClock.now < end, "the build took too long")
                try await Task.sleep(for: .milliseconds(20))
            }
            worker.stop()
            try await group.waitForAll()
        }
        return try await self.header(job)
    }

    func header(_ job: DatasetJob) async throws -> JobHeader {
        try #require(try await self.database.jobs.header(of: job.id))
    }

    // MARK: What is there

    func document() async throws -> BSONDocument {
        try #require(try await self.raw.collection("AnnotationDatasetVersion").findOne([:]))
    }

    /// The keys below the version's group.
    func keys(_ part: String = "") async throws -> [String] {
        try await self.store.keys(startingWith: "dataset/\(self.group)/\(part)")
    }

    func key(_ name: String) -> String { "dataset/\(self.group)/\(self.version)/\(name)" }

    func bytes(_ key: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: self.folder.file("objects/\(key)"))))
    }

    func text(_ key: String) throws -> String { String(decoding: try self.bytes(key), as: UTF8.self) }

    /// The numbers of each line of a frame's YOLO file.
    func labels(_ task: ObjectID, _ frame: Int) throws -> [[Double]] {
        try self.text("dataset/\(self.group)/\(task)/\(frame)/1.0.1_\(frame).txt").split(separator: "\n").map { line in
            line.split(separator: " ").compactMap { Double($0) }
        }
    }

    /// Every object with its bytes' digest and the time of its file.
    func everything() async throws -> [String: String] {
        var found: [String: String] = [:]
        for key in try await self.keys() {
            let path = self.folder.file("objects/\(key)")
            let time = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
            found[key] = "\(ContentDigest.sha256(of: try self.bytes(key))) \(time?.timeIntervalSince1970 ?? 0)"
        }
        return found
    }
}
