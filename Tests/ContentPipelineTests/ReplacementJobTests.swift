import BSON
import Domain
import Foundation
import MongoDriver
import MongoStore
import ObjectStore
import TestSupport
import Testing

/// Runs that replace what an earlier one made, and uploads that share names.
@Suite struct ReplacementJobTests {
    @Test func aForcedRunReplacesTasksFramesAndSurplusObjects() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.long.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            _ = try await fixture.finish(try await fixture.start(upload))
            let before = Set(try await fixture.tasks(upload).compactMap { $0["_id"]?.objectIDValue })
            #expect(before.count == 3)
            let second = try await fixture.start(upload, ["force_write": "1", "frame_rate": "2"])
            #expect(second.runNumber == 2)
            #expect(try await fixture.finish(second).state == .succeeded)
            let tasks = try await fixture.tasks(upload)
            // Two frames a second of five seconds: one clip of ten.
            #expect(tasks.count == 1)
            #expect(before.isDisjoint(with: tasks.compactMap { $0["_id"]?.objectIDValue }))
            #expect(try await fixture.frames(upload).count == 10)
            #expect(try await fixture.raw.collection("AnnotationFrame").count() == 10)
            #expect(try await fixture.keys() == ["contents/p1/task-0-cam/task-0-cam.mp4"])
            #expect(try fixture.numbers("contents/p1/task-0-cam/task-0-cam.mp4") == (0..<10).map { 15 * $0 })
            #expect(try await fixture.raw.collection("ContentWithdrawnTask").count() == 0)
            #expect(try await fixture.raw.collection("ContentWithdrawnFrame").count() == 0)
        }
    }

    @Test func aTaskThatAPersonSavesWhileItIsToBeReplacedStaysWhole() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.long.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            _ = try await fixture.finish(try await fixture.start(upload))
            let second = try await fixture.start(upload, ["force_write": "1"])
            // After the request was accepted, before the worker looks.
            let frame = try #require(try await fixture.frames(upload).last)
            try await fixture.raw.collection("AnnotationFrame").updateOne(
                ["_id": try #require(frame["_id"])], ["$set": ["isUserAnnotated": true]])
            let ended = try await fixture.finish(second)
            #expect(ended.state == .failed)
            #expect(ended.error?.code == 409)
            let task = try #require(frame["taskId"])
            let frames = try await fixture.raw.collection("AnnotationFrame").find(Query(["taskId": task]))
            #expect(frames.count == 5)
            #expect(try await fixture.document(upload)["errorMessage"]?.documentValue?["error_code"] == 409)
        }
    }

    @Test func humanWorkGoesWhereTheConfigurationSaysSo() async throws {
        try await PipelineFixture.run(discardsHumanWork: true) { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            _ = try await fixture.finish(try await fixture.start(upload))
            _ = try await fixture.raw.collection("AnnotationFrame").updateMany([:], ["$set": ["isUserAnnotated": true]])
            #expect(try await fixture.finish(try await fixture.start(upload, ["force_write": "1"])).state == .succeeded)
            let frames = try await fixture.frames(upload)
            #expect(frames.count == 10)
            #expect(frames.allSatisfy { $0["isUserAnnotated"] != true })
        }
    }

    @Test func anUploadOfTheSameNameGetsKeysOfItsOwn() async throws {
        try await PipelineFixture.run { fixture in
            let video = try SharedVideo.short.get().path
            try fixture.add(video, as: "cam.mp4")
            try NumberedVideo.run(
                "ffmpeg", ["-v", "error", "-i", video, "-c", "copy", fixture.folder.file("contents/p1/cam.mkv")])
            let first = try await fixture.upload(1)
            let second = try await fixture.upload(2)
            _ = try await fixture.finish(try await fixture.start(first))
            let job = try await fixture.start(second, ["content_path": "contents/p1/cam.mkv"])
            #expect(try await fixture.finish(job).state == .succeeded)
            #expect(
                try await fixture.keys() == [
                    "contents/p1/\(second)/task-0-cam/task-0-cam.mp4", "contents/p1/task-0-cam/task-0-cam.mp4",
                ])
            let paths = try await fixture.tasks(second).map { $0["videoPath"]?.stringValue }
            #expect(paths == ["contents/p1/\(second)/task-0-cam/task-0-cam.mp4"])
        }
    }

    @Test func anObjectOfOthersIsNeverOverwritten() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let key = "contents/p1/task-0-cam/task-0-cam.mp4"
            let theirs = Array("made by somebody else".utf8)
            try await fixture.store.put(
                theirs, at: key, contentType: "video/mp4",
                sha256: fixture.sha256(theirs))
            let upload = try await fixture.upload()
            #expect(try await fixture.finish(try await fixture.start(upload)).state == .succeeded)
            #expect(try fixture.digest(key) == fixture.sha256(theirs))
            #expect(try await fixture.keys().count == 2)
        }
    }
}
