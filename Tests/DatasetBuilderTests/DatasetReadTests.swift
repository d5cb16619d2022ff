import Archives
import BSON
import DatasetBuilder
import Domain
import Foundation
import MongoDriver
import MongoStore
import ObjectStore
import TestSupport
import Testing

/// What reads a version: forecasts, exports, comparisons, archives; and what starts builds.
@Suite struct DatasetReadTests {
    @Test func aForecastTellsWhatABuildWouldMakeAndWritesNothing() async throws {
        try await DatasetFixture.run { fixture in
            let good = try await fixture.addTask(
                1, boxes: DatasetFixture.cars + [[DatasetFixture.box("tree", 0, 0, 9, 9)], []])
            let gone = ObjectID(seconds: 20, unique: 3)
            try await fixture.addVersion(of: [good, gone])
            let before = try await fixture.document()
            let report = try await Forecast(
                database: fixture.database, store: fixture.store, settings: fixture.settings,
                logger: DatasetFixture.logger
            ).run(fixture.version, splitUnit: .video)
            #expect(report.classes == ["car", "person"])
            #expect(report.frames == 8)
            #expect(report.boxes == 7)
            #expect(report.framesWithoutBoxes == 2)
            #expect(report.unknownBoxes == 1)
            #expect(!report.isBuildable)
            #expect(report.problems.contains { $0.contains("\(gone)") })
            #expect(try await fixture.document() == before)
            #expect(try await fixture.keys().isEmpty)
        }
    }

    @Test(arguments: DatasetFormat.allCases)
    func anArchiveHasEveryPictureOnce(_ format: DatasetFormat) async throws {
        try await DatasetFixture.run { fixture in
            let task = try await fixture.addTask(1, boxes: DatasetFixture.cars)
            try await fixture.addVersion(of: [task])
            #expect(try await fixture.build(DatasetRequest(formats: [format])).state == .succeeded)
            let path = fixture.folder.file("objects/\(fixture.key("\(format.rawValue).zip"))")
            let names = try Self.names(inArchive: path)
            let pictures = names.filter { $0.hasSuffix(".jpg") }
            #expect(Set(pictures).count == pictures.count)
            #expect(pictures.count == 6)
            #expect(names.contains { $0.hasSuffix(".\(format.fileType)") })
        }
    }

    private static func names(inArchive path: String) throws -> [String] {
        var reader = try ArchiveReader.zip(at: path, name: "archive")
        var names: [String] = []
        while let entry = try reader.next() { names.append(entry.name) }
        return names
    }

    @Test func anExportIsReplacedByTheNextOneAndNothingElseIs() async throws {
        try await DatasetFixture.run { fixture in
            let task = try await fixture.addTask(1, boxes: DatasetFixture.cars)
            try await fixture.addVersion(of: [task])
            let ended = try await fixture.build()
            let job = try #require(try await fixture.database.jobs.findDataset(ended.id))
            let export = FolderExport(
                database: fixture.database, store: fixture.store, settings: fixture.settings,
                logger: DatasetFixture.logger)
            let target = fixture.folder.file("out")
            for _ in 0..<2 {
                #expect(try await export.write(.yolo, ofJob: job, to: target) == 6)
                let files = try #require(FileManager.default.enumerator(atPath: "\(target)/yolo")).compactMap {
                    $0 as? String
                }
                #expect(files.filter { $0.hasSuffix(".jpg") }.count == 6)
                #expect(files.contains("data.yaml"))
                // What an earlier export left is gone after the next one.
                try Data("old".utf8).write(to: URL(filePath: "\(target)/yolo/old.txt"))
            }
            // A folder of somebody's own stays as it is.
            let own = fixture.folder.url.appending(path: "mine/yolo")
            try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
            try Data("thesis".utf8).write(to: own.appending(path: "thesis.txt"))
            let failure = await #expect(throws: WorkFailure.self) {
                _ = try await export.write(.yolo, ofJob: job, to: fixture.folder.file("mine"))
            }
            #expect(failure?.failure.error?.code == 409)
            #expect(try FileManager.default.contentsOfDirectory(atPath: own.path) == ["thesis.txt"])
        }
    }

    @Test func theStoreIsComparedWithTheManifestByteForByte() async throws {
        try await DatasetFixture.run { fixture in
            let task = try await fixture.addTask(1, boxes: DatasetFixture.cars)
            try await fixture.addVersion(of: [task])
            _ = try await fixture.build()
            let comparison = StoreComparison(
                database: fixture.database, store: fixture.store, settings: fixture.settings,
                logger: DatasetFixture.logger)
            let clean = try await comparison.run(fixture.version)
            #expect(clean.isClean)
            #expect(clean.matching == 20)

            let prefix = "dataset/\(fixture.group)/\(task)"
            try await fixture.store.remove("\(prefix)/1/1.jpg")
            try Data("other bytes".utf8).write(
                to: URL(filePath: fixture.folder.file("objects/\(prefix)/2/1.0.1_2.txt")))
            let bytes = Array("stray".utf8)
            try await fixture.store.put(
                bytes, at: fixture.key("stray.txt"), contentType: "text/plain",
                sha256: ContentDigest.sha256(of: bytes))
            let report = try await comparison.run(fixture.version)
            #expect(report.missing == ["\(prefix)/1/1.jpg"])
            #expect(report.changed == ["\(prefix)/2/1.0.1_2.txt"])
            #expect(report.surplus == [fixture.key("stray.txt")])
        }
    }

    @Test func aVersionThatWasNeverBuiltHasNothingToCompare() async throws {
        try await DatasetFixture.run { fixture in
            try await fixture.addVersion(of: [])
            let failure = await #expect(throws: WorkFailure.self) {
                _ = try await StoreComparison(
                    database: fixture.database, store: fixture.store, settings: fixture.settings,
                    logger: DatasetFixture.logger
                ).run(fixture.version)
            }
            #expect(failure?.failure.error?.code == 404)
        }
    }

    @Test func oneBuildOfAVersionIsQueuedHoweverOftenItIsAskedFor() async throws {
        try await DatasetFixture.run { fixture in
            try await fixture.addVersion(of: [])
            let ids = try await Array(0..<8).concurrentMap { _ in try await fixture.intake.start(fixture.version).id }
            #expect(Set(ids).count == 1)
            #expect(try await fixture.raw.collection("ContentJobUnit").count() == 1)
        }
    }

    @Test func anUnknownVersionAndAFullQueueAreRefused() async throws {
        try await DatasetFixture.run { fixture in
            let unknown = ObjectID(seconds: 1, unique: 1)
            await #expect(throws: DatasetIntake.Rejection.unknownVersion(unknown)) {
                _ = try await fixture.intake.start(unknown)
            }
            try await fixture.addVersion(of: [])
            for number in 0..<10 {
                try await fixture.raw.collection("ContentJob").insertOne(["_id": .int(number), "state": "queued"])
            }
            await #expect(throws: DatasetIntake.Rejection.queueFull) {
                _ = try await fixture.intake.start(fixture.version)
            }
        }
    }

    @Test func pendingVersionsAreTakenUpOnce() async throws {
        try await DatasetFixture.run { fixture in
            try await fixture.addVersion(of: [], ["taskStatus": ["state": "pending", "tasks": []]])
            let pending = PendingDatasets(
                intake: fixture.intake, database: fixture.database, logger: DatasetFixture.logger)
            for _ in 0..<2 { await pending.takeUp() }
            #expect(try await fixture.raw.collection("ContentJob").count() == 1)
        }
    }
}
