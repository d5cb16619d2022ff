import Domain
import Foundation
import MongoDriver
import Testing

@testable import MongoStore

@Suite struct AnnotatingTests {
    private static func boxes(_ label: String, version: Int) -> [AutomaticBox] {
        let box = Box(x: 1, y: 2, width: 3, height: 4)
        return AutomaticBox.boxes([Detection(box: box, label: label, confidence: 0.5)], version: version)
    }

    private static func labels(_ frame: BSONDocument?) -> [String?] {
        (frame?["boxes"]?.arrayValue ?? []).map {
            $0.documentValue?["boundaries"]?.documentValue?["label"]?.stringValue
        }
    }

    /// What lies in a frame before version 2 annotates it, and whether its boxes are kept.
    static let frames: [(String, BSONDocument, Bool)] = [
        ("nothing", ["boxes": []], false),
        ("no list at all", [:], false),
        ("a box of the system before", ["boxes": [["boundaries": ["label": "old"]]]], false),
        ("a box of version 1", ["boxes": [["boundaries": ["label": "old", "annotationVersion": 1]]]], false),
        ("a box of version 2", ["boxes": [["boundaries": ["label": "old", "annotationVersion": 2]]]], false),
        ("a box of version 3", ["boxes": [["boundaries": ["label": "old", "annotationVersion": 3]]]], true),
        ("a person's frame", ["isUserAnnotated": true, "boxes": []], true),
        ("a frame that a person left", ["isUserAnnotated": false, "boxes": []], false),
        ("a person's box", ["boxes": [["boundaries": ["label": "old", "annotatorId": "p"]]]], true),
        ("a person's box of another form", ["boxes": [["annotatorId": "p"]]], true),
        ("a box of nobody", ["boxes": [["boundaries": ["label": "old", "annotatorId": nil]]]], false),
        ("a comment", ["boxes": [], "commentBoxes": [["text": "look"]]], true),
        ("a dataset's frame", ["boxes": [], "datasetVersions": [["versionId": "v"]]], true),
    ]

    @Test(arguments: frames)
    func humanWorkAndNewerBoxesStay(name: String, content: BSONDocument, isKept: Bool) async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let item = try #require(try await fixture.database.workItems.take(by: "w", lease: .seconds(30)))
            let task = job.taskId(ofClip: 0)
            let frames = fixture.raw.collection("AnnotationFrame")
            // The replaced system counted frames in doubles.
            let identity: BSONDocument = ["taskId": .objectID(task), "frameId": 1.0, "isEmpty": true]
            try await frames.insertOne(content.merging(identity))
            let before = try await frames.findOne([:])
            try await fixture.database.publication.annotate(
                task, with: [1: Self.boxes("new", version: 2)], version: 2, under: item)
            let after = try await frames.findOne([:])
            if isKept {
                #expect(after == before)
            } else {
                #expect(Self.labels(after) == ["new"])
                #expect(after?["isEmpty"] == false)
            }
            // The filter that counts frames agrees with the one that writes, newer boxes aside.
            let count = try await fixture.database.tasks.automaticFrameCount(ofTask: task)
            #expect(count == (isKept && name != "a box of version 3" ? 0 : 1))
        }
    }

    @Test func workerWithoutTheLeaseWritesNothing() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let late = try #require(try await fixture.database.workItems.take(by: "w", lease: .milliseconds(1)))
            try await Task.sleep(for: .milliseconds(50))  // The lease must have passed on the server's clock.
            let task = job.taskId(ofClip: 0)
            try await fixture.raw.collection("AnnotationFrame").insertOne(["taskId": .objectID(task), "frameId": 1])
            try await fixture.raw.collection("AnnotationTask").insertOne(["_id": .objectID(task)])
            try await fixture.database.publication.annotate(
                task, with: [1: Self.boxes("new", version: 2)], version: 2, under: late)
            try await fixture.database.publication.stamp(task, version: 2, under: late)
            let frame = try await fixture.raw.collection("AnnotationFrame").findOne([:])
            let stamped = try await fixture.raw.collection("AnnotationTask").findOne([:])
            #expect(frame?["boxes"] == nil)
            #expect(stamped?["AutoAnnotationVersion"] == nil)
        }
    }

    static let stamps: [(BSONValue?, Int)] = [(nil, 2), (0, 2), ("1", 2), (1.0, 2), (2, 2), (7, 7), ("x", 2)]

    @Test(arguments: stamps)
    func taskKeepsTheNewestVersion(former: BSONValue?, latter: Int) async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let item = try #require(try await fixture.database.workItems.take(by: "w", lease: .seconds(30)))
            let task = job.taskId(ofClip: 0)
            var document: BSONDocument = ["_id": .objectID(task)]
            document["AutoAnnotationVersion"] = former
            try await fixture.raw.collection("AnnotationTask").insertOne(document)
            try await fixture.database.publication.stamp(task, version: 2, under: item)
            let stamped = try await fixture.raw.collection("AnnotationTask").findOne([:])
            #expect(stamped?["AutoAnnotationVersion"]?.intValue == latter)
        }
    }

    private static func version(_ confidence: Double, note: String? = nil) -> AnnotatorVersion {
        AnnotatorVersion(
            number: 9, meaning: AnnotatorMeaning(engine: .motion, confidence: confidence, iou: 0.5, tracks: false),
            note: note, createdAt: Date(timeIntervalSince1970: 1_000_000))
    }

    @Test func versionMayChangeUntilItIsUsed() async throws {
        try await QueueFixture.run { fixture in
            let annotators = fixture.database.annotators
            #expect(try await annotators.register(Self.version(0.5)))
            #expect(try await annotators.register(Self.version(0.6)))
            #expect(try await annotators.use(Self.version(0.6)))
            #expect(try await annotators.use(Self.version(0.6)))
            #expect(try await !annotators.use(Self.version(0.7)))
            #expect(try await !annotators.register(Self.version(0.7)))
            #expect(try await annotators.register(Self.version(0.6, note: "the same")))
            #expect(try await !annotators.remove(9))
            let record = try await annotators.find(9)
            #expect(record?.version.meaning == Self.version(0.6).meaning)
            #expect(record?.isUsed == true)
        }
    }

    @Test func unusedVersionCanBeRemoved() async throws {
        try await QueueFixture.run { fixture in
            #expect(try await fixture.database.annotators.register(Self.version(0.5)))
            #expect(try await fixture.database.annotators.remove(9))
            let record = try await fixture.database.annotators.find(9)
            #expect(record == nil)
        }
    }
}
