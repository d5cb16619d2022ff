import BSON
import DatasetBuilder
import Domain
import Foundation
import MongoDriver
import MongoStore
import ObjectStore
import TestSupport
import Testing

/// Whole builds of versions, by a real worker.
@Suite struct DatasetBuildTests {
    @Test func everyFrameBecomesAPictureAThumbnailAndLabels() async throws {
        try await DatasetFixture.run { fixture in
            let task = try await fixture.addTask(1, boxes: DatasetFixture.cars)
            try await fixture.addVersion(of: [task])
            let ended = try await fixture.build()
            #expect(ended.state == .succeeded)
            #expect(ended.counts == JobCounts(parts: 1, frames: 6))
            let names = (1...6).flatMap { ["\($0)/\($0).jpg", "\($0)/\($0)_thumbnail.jpg", "\($0)/1.0.1_\($0).txt"] }
            let keys = names.map { "dataset/\(fixture.group)/\(task)/\($0)" }
            #expect(Set(try await fixture.keys("\(task)")) == Set(keys))
            // Centre and size as shares of 160 × 96.
            #expect(try fixture.labels(task, 1) == [[0, 0.2, 0.5, 0.2, 0.5], [1, 0.625, 0.5, 0.25, 1]])
            #expect(try fixture.labels(task, 6) == [[0, 0.23125, 0.5, 0.2, 0.5]])
            #expect(try fixture.text(fixture.key("classes.txt")) == "car\nperson\n")
            for frame in 1...6 {
                let picture = fixture.folder.file("objects/dataset/\(fixture.group)/\(task)/\(frame)/\(frame).jpg")
                #expect(try NumberedVideo.numbers(in: picture) == [frame - 1])
            }
        }
    }

    @Test func theVersionSaysWhatWasBuilt() async throws {
        try await DatasetFixture.run { fixture in
            let task = try await fixture.addTask(1, boxes: DatasetFixture.cars)
            try await fixture.addVersion(of: [task])
            _ = try await fixture.build(DatasetRequest(formats: [.coco]))
            let document = try await fixture.document()
            let status = try #require(document["taskStatus"]?.documentValue)
            #expect(status["state"] == "complete")
            let entry = try #require(status["tasks"]?.arrayValue?.first?.documentValue)
            #expect(entry["state"] == "complete")
            #expect(entry["imageCount"] == 6)
            #expect(document["imageCount"] == 6)
            let formats = try #require(document["exportFormats"]?.documentValue)
            #expect(formats["YOLO"]?.documentValue?["progress"] == 100)
            #expect(formats["COCO"]?.documentValue?["fileCount"] == 6)
            #expect(document["build"]?.documentValue?["formats"] == ["coco"])
            let frame = try #require(
                try await fixture.raw.collection("AnnotationFrame").findOne(["taskId": .objectID(task), "frameId": 2]))
            #expect(frame["imageUrl"] == .string("dataset/\(fixture.group)/\(task)/2/2.jpg"))
        }
    }

    @Test func aSecondBuildOfTheSameVersionChangesNothing() async throws {
        try await DatasetFixture.run { fixture in
            let task = try await fixture.addTask(1, boxes: DatasetFixture.cars)
            try await fixture.addVersion(of: [task])
            _ = try await fixture.build(DatasetRequest(formats: [.yolo, .csv]))
            let objects = try await fixture.everything()
            let document = try await fixture.document()
            let again = try await fixture.build(DatasetRequest(formats: [.yolo, .csv]))
            #expect(again.state == .succeeded)
            #expect(try await fixture.everything() == objects)
            #expect(try await fixture.document() == document)
        }
    }

    @Test func onlyWhatChangedIsMadeAgain() async throws {
        try await DatasetFixture.run { fixture in
            let first = try await fixture.addTask(1, boxes: DatasetFixture.cars)
            let second = try await fixture.addTask(2, boxes: DatasetFixture.cars)
            try await fixture.addVersion(of: [first, second])
            _ = try await fixture.build()
            let before = try await fixture.everything()
            // A person moves one box.
            try await fixture.raw.collection("AnnotationFrame").updateOne(
                ["taskId": .objectID(second), "frameId": 3],
                ["$set": ["boxes": [DatasetFixture.box("person", 0, 0, 80, 48)]]])
            try await fixture.askAgain()
            #expect(try await fixture.build().state == .succeeded)
            let after = try await fixture.everything()
            #expect(Set(before.keys) == Set(after.keys))
            let changed = Set(after.keys.filter { after[$0] != before[$0] })
            #expect(
                changed == [
                    "dataset/\(fixture.group)/\(second)/3/1.0.1_3.txt", fixture.key("manifest.jsonl"),
                ])
            #expect(try fixture.labels(second, 3) == [[1, 0.25, 0.25, 0.5, 0.5]])
        }
    }

    @Test func whatTheVersionLostIsRemoved() async throws {
        try await DatasetFixture.run { fixture in
            let first = try await fixture.addTask(1, boxes: DatasetFixture.cars)
            let second = try await fixture.addTask(2, boxes: DatasetFixture.cars)
            try await fixture.addVersion(of: [first, second])
            _ = try await fixture.build()
            // One task leaves the version, and a frame of the other one.
            for filter: BSONDocument in [
                ["taskId": .objectID(second)], ["taskId": .objectID(first), "frameId": 6],
            ] {
                try await fixture.raw.collection("AnnotationFrame").updateMany(
                    filter, ["$set": ["datasetVersions": []]])
            }
            try await fixture.raw.collection("AnnotationDatasetVersion").updateOne(
                [:], ["$set": ["taskList": [.objectID(first)]]])
            try await fixture.askAgain()
            #expect(try await fixture.build().state == .succeeded)
            #expect(try await fixture.keys("\(second)").isEmpty)
            #expect(try await fixture.keys("\(first)/6").isEmpty)
            #expect(try await fixture.keys("\(first)").count == 15)
            #expect(try await fixture.raw.collection("ContentDatasetFrame").count() == 5)
        }
    }

    @Test func aPictureThatAnotherVersionOfTheGroupUsesStays() async throws {
        try await DatasetFixture.run { fixture in
            let task = try await fixture.addTask(1, boxes: DatasetFixture.cars)
            try await fixture.addVersion(of: [task])
            _ = try await fixture.build()
            // The frame leaves this version and is in another one.
            try await fixture.raw.collection("AnnotationFrame").updateOne(
                ["taskId": .objectID(task), "frameId": 6],
                ["$set": ["datasetVersions": [["versionId": .objectID(ObjectID(seconds: 1, unique: 9))]]]])
            try await fixture.askAgain()
            #expect(try await fixture.build().state == .succeeded)
            let keys = try await fixture.keys("\(task)/6")
            #expect(keys.map { $0.split(separator: "/").last } == ["6.jpg", "6_thumbnail.jpg"])
        }
    }

    @Test func objectsThatTheStoreLostAreMadeAgainByTheNextBuild() async throws {
        try await DatasetFixture.run { fixture in
            let task = try await fixture.addTask(1, boxes: DatasetFixture.cars)
            try await fixture.addVersion(of: [task])
            _ = try await fixture.build()
            let before = try await fixture.everything().mapValues { $0.split(separator: " ")[0] }
            for name in ["2/2.jpg", "3/1.0.1_3.txt"] {
                try await fixture.store.remove("dataset/\(fixture.group)/\(task)/\(name)")
            }
            #expect(try await fixture.build().state == .succeeded)
            #expect(try await fixture.everything().mapValues { $0.split(separator: " ")[0] } == before)
        }
    }

    @Test func aTaskThatCannotBeBuiltDoesNotStopTheOthers() async throws {
        try await DatasetFixture.run { fixture in
            let good = try await fixture.addTask(1, boxes: DatasetFixture.cars)
            let broken = try await fixture.addTask(2, boxes: DatasetFixture.cars, hasClip: false)
            let gone = ObjectID(seconds: 20, unique: 3)
            try await fixture.addVersion(of: [broken, good, gone])
            let ended = try await fixture.build()
            #expect(ended.state == .failed)
            #expect(ended.error?.code == 422)
            #expect(ended.error?.message.hasPrefix("2 of 3 tasks could not be built") == true)
            #expect(try await fixture.keys("\(good)").count == 18)
            let entries = try await fixture.document()["taskStatus"]?.documentValue?["tasks"]?.arrayValue ?? []
            let states = entries.compactMap { $0.documentValue?["state"]?.stringValue }
            #expect(states == ["pending", "complete", "pending"])
            // With its clip the rest is built, and nothing else.
            try await fixture.raw.collection("AnnotationDatasetVersion").updateOne(
                [:], ["$set": ["taskList": [.objectID(good)]]])
            #expect(try await fixture.build().state == .succeeded)
        }
    }

    @Test func aVersionThatAsksForTheImpossibleFailsBeforeAnythingIsMade() async throws {
        try await DatasetFixture.run { fixture in
            let task = try await fixture.addTask(1, boxes: DatasetFixture.cars)
            let unknown: BSONValue = ["id": "MAKE_IT_NICER", "values": [true]]
            try await fixture.addVersion(
                of: [task], ["augmentationTypes": ["IMAGE_LEVEL": [["id": "ALL", "properties": [unknown]]]]])
            let ended = try await fixture.build()
            #expect(ended.state == .failed)
            #expect(ended.error?.code == 422)
            #expect(ended.error?.message.contains("MAKE_IT_NICER") == true)
            #expect(try await fixture.keys().isEmpty)
        }
    }

    @Test func augmentedPicturesAreMadeOfAShareOfTheFramesWithTheirBoxes() async throws {
        try await DatasetFixture.run { fixture in
            let task = try await fixture.addTask(1, boxes: DatasetFixture.cars)
            let flip: BSONValue = ["id": "FLIP_HORIZONTAL", "values": [true]]
            try await fixture.addVersion(
                of: [task], ["augmentationTypes": ["IMAGE_LEVEL": [["id": "ALL", "properties": [flip]]]]])
            #expect(try await fixture.build().state == .succeeded)
            let changed = try await fixture.keys("\(task)").filter { $0.contains("/aug/") && $0.hasSuffix(".txt") }
            // Half of six frames, as the settings say.
            #expect(changed.count == 3)
            for key in changed {
                let frame = try #require(Int(key.split(separator: "/")[3]))
                let own = try fixture.labels(task, frame)
                let flipped = try fixture.text(key).split(separator: "\n").map { line in
                    line.split(separator: " ").compactMap { Double($0) }
                }
                #expect(flipped.count == own.count)
                for (before, after) in zip(own, flipped) {
                    #expect(abs(after[1] - (1 - before[1])) < 1e-5)
                    #expect(Array(after[2...]) == Array(before[2...]))
                }
            }
        }
    }

    /// Splits that are augmented, and the frames of two in each split of which changed pictures are made.
    static let augmentedSplits: [(Set<DatasetSplit>, Set<Int>)] = [
        ([.training], [1, 2]), ([.validation, .testing], [3, 4, 5, 6]), ([], []),
    ]

    @Test(arguments: augmentedSplits)
    func onlyPicturesOfTheseSplitsAreAugmented(_ splits: Set<DatasetSplit>, _ frames: Set<Int>) async throws {
        try await DatasetFixture.run { fixture in
            let task = try await fixture.addTask(1, boxes: DatasetFixture.cars, splits: [1, 1, 2, 2, 3, 3])
            let flip: BSONValue = ["id": "FLIP_HORIZONTAL", "values": [true]]
            try await fixture.addVersion(
                of: [task], ["augmentationTypes": ["IMAGE_LEVEL": [["id": "ALL", "properties": [flip]]]]])
            let rules = AugmentationRules(share: 1, splits: splits)
            #expect(try await fixture.build(rules: rules).state == .succeeded)
            let changed = try await fixture.keys("\(task)").filter { $0.contains("/aug/") && $0.hasSuffix(".txt") }
            #expect(Set(changed.compactMap { Int($0.split(separator: "/")[3]) }) == frames)
        }
    }

    @Test func splitsThatPeopleDecidedAreKept() async throws {
        try await DatasetFixture.run { fixture in
            let task = try await fixture.addTask(1, boxes: DatasetFixture.cars, splits: [1, 1, 2, 2, 3, 3])
            try await fixture.addVersion(of: [task])
            #expect(try await fixture.build(DatasetRequest(formats: [.csv])).state == .succeeded)
            let elements = try await fixture.raw.collection("AnnotationFrame").find(
                Query(["taskId": .objectID(task)], sort: ["frameId": 1])
            ).compactMap { $0["datasetVersions"]?.arrayValue?.first?.documentValue?["datasetType"]?.intValue }
            #expect(elements == [1, 1, 2, 2, 3, 3])
        }
    }
}

extension DatasetFixture {
    /// As the backend does when the version was edited.
    func askAgain() async throws {
        try await self.raw.collection("AnnotationDatasetVersion").updateOne(
            [:], ["$set": ["taskStatus.state": "pending"]])
    }
}
