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

/// Jobs of videos and images from the request to their end, by a real worker.
@Suite struct UploadJobTests {
    @Test func aVideoBecomesClipsTasksAndFrames() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.long.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            let ended = try await fixture.finish(try await fixture.start(upload))
            #expect(ended.state == .succeeded)
            #expect(ended.plan == PlanSummary(partCount: 3, frameCount: 25, sourceFrameCount: 150))
            #expect(ended.counts == JobCounts(parts: 3, frames: 25))

            let keys = (0..<3).map { "contents/p1/task-\($0)-cam/task-\($0)-cam.mp4" }
            #expect(try await fixture.keys() == keys)
            let shown = try keys.flatMap { try fixture.numbers($0) }
            #expect(shown == (0..<25).map { 6 * $0 })
            let tasks = try await fixture.tasks(upload)
            #expect(tasks.map { $0["taskName"] } == ["task-0-cam", "task-1-cam", "task-2-cam"])
            #expect(tasks.map { $0["videoPath"]?.stringValue } == keys)
            let frames = try await fixture.frames(upload)
            #expect(frames.compactMap { $0["frameId"]?.intValue } == Array(1...10) + Array(1...10) + Array(1...5))
            let document = try await fixture.document(upload)
            #expect(document["status"] == 1)
            #expect(document["progress"] == 100)
            #expect(document["taskCount"] == 3)
            #expect(document["finishedAt"] != nil)
            #expect(fixture.leftovers().isEmpty)
        }
    }

    @Test func theSameRequestIsAnsweredWithTheTasksAndChangesNothing() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            _ = try await fixture.finish(try await fixture.start(upload))
            let before = try await fixture.document(upload)
            guard case .tasks = try await fixture.intake.accept(fields: fixture.request(upload)) else {
                Issue.record("not answered with the tasks")
                return
            }
            #expect(try await fixture.document(upload) == before)
            #expect(try await fixture.raw.collection("ContentJob").count() == 1)
        }
    }

    @Test func imagesOfAFolderBecomeClipsAtFourFramesASecond() async throws {
        try await PipelineFixture.run { fixture in
            try Self.addImages(12, to: fixture)
            let upload = try await fixture.upload()
            let job = try await fixture.start(upload, ["content_path": "contents/p1/pictures", "content_type": "2"])
            let ended = try await fixture.finish(job)
            #expect(ended.state == .succeeded)
            #expect(ended.plan?.partCount == 2)
            let tasks = try await fixture.tasks(upload)
            let names = tasks.map { task in
                (task["images"]?.arrayValue ?? []).compactMap { $0.documentValue?["name"]?.stringValue }
            }
            // In natural order: 2 comes before 10.
            #expect(names == [(1...10).map { "image-\($0).png" }, (11...12).map { "image-\($0).png" }])
            #expect(ended.skippedFiles?.files.map(\.name) == ["notes.txt"])
        }
    }

    private static func addImages(_ count: Int, to fixture: PipelineFixture) throws {
        let pictures = fixture.folder.url.appending(path: "contents/p1/pictures")
        try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
        try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-i", try SharedVideo.short.get().path, "-frames:v", "\(count)"]
                + ["\(pictures.path)/image-%d.png"])
        try Data("not an image".utf8).write(to: pictures.appending(path: "notes.txt"))
    }

    @Test func whatAKilledWorkerDidIsNotDoneAgainAndNothingIsLeftOver() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.long.get().path, as: "cam.mp4")
            let undisturbed = try await fixture.upload(1)
            _ = try await fixture.finish(try await fixture.start(undisturbed))
            let bytes = try await fixture.keys().map { try fixture.digest($0) }

            let upload = try await fixture.upload(2, fields: [:])
            try await fixture.raw.collection("ContentObject").deleteMany([:])
            try await fixture.raw.collection("AnnotationTask").deleteMany(["uploadId": .objectID(undisturbed)])
            for key in try await fixture.keys() { try await fixture.store.remove(key) }
            let job = try await fixture.start(upload)
            // A worker that is stopped after its first clip, and whose second one is cut off.
            let first = try fixture.worker("first")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await first.run() }
                try await fixture.wait { try await fixture.tasks(upload).count >= 1 }
                group.cancelAll()
                try await group.waitForAll()
            }
            let ended = try await fixture.finish(job)
            #expect(ended.state == .succeeded)
            #expect(ended.counts == JobCounts(parts: 3, frames: 25))
            #expect(try await fixture.keys().map { try fixture.digest($0) } == bytes)
            #expect(try await fixture.frames(upload).count == 25)
            #expect(fixture.leftovers().isEmpty)
        }
    }

    @Test func anObjectThatIsDamagedBeforeTheEndIsMadeAgain() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.long.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            let job = try await fixture.start(upload)
            let key = "contents/p1/task-1-cam/task-1-cam.mp4"
            let worker = try fixture.worker()
            let bytes = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await worker.run() }
                try await fixture.wait { try await fixture.tasks(upload).count >= 2 }
                let bytes = try fixture.digest(key)
                // As a paused worker of an older run might write late.
                try await fixture.store.remove(key)
                try await fixture.wait { try await !fixture.header(job).state.isLive }
                worker.stop()
                try await group.waitForAll()
                return bytes
            }
            #expect(try await fixture.header(job).state == .succeeded)
            #expect(try fixture.digest(key) == bytes)
        }
    }

    @Test func aVideoWithoutPicturesFailsWithASentence() async throws {
        try await PipelineFixture.run { fixture in
            let path = fixture.folder.file("contents/p1/cam.mp4")
            try Data("this is no video at all, whatever its name says".utf8).write(to: URL(filePath: path))
            let upload = try await fixture.upload()
            let ended = try await fixture.finish(try await fixture.start(upload))
            #expect(ended.state == .failed)
            #expect(ended.error?.code == 422)
            let document = try await fixture.document(upload)
            #expect(document["status"] == 2)
            #expect(document["errorMessage"]?.documentValue?["error_code"] == 422)
        }
    }

    @Test func aDeletedProjectEndsItsJobs() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            let job = try await fixture.start(upload)
            try await fixture.raw.collection("AnnotationProject").deleteMany([:])
            let ended = try await fixture.finish(job)
            #expect(ended.state == .failed)
            #expect(ended.error?.code == 404)
            #expect(try await fixture.keys().isEmpty)
        }
    }

    @Test func motionAnnotatesEveryFrameWithTheVersionThatWasAskedFor() async throws {
        try await PipelineFixture.run { fixture in
            let folder = try TestFolder()
            // A bright square that crosses a grey picture.
            let video = folder.file("moving.mp4")
            try NumberedVideo.run(
                "ffmpeg",
                ["-v", "error", "-f", "lavfi", "-i", "color=gray:s=320x192:r=10:d=4", "-f", "lavfi"]
                    + ["-i", "color=white:s=40x40:r=10:d=4", "-filter_complex", "overlay=x='20+60*t':y=60"]
                    + ["-pix_fmt", "yuv420p", video])
            try fixture.add(video, as: "cam.mp4")
            let upload = try await fixture.upload()
            let job = try await fixture.start(
                upload, ["frame_rate": "10", "request_type": "1", "auto_anno_version": "1"])
            #expect(try await fixture.finish(job).state == .succeeded)
            let boxes = try await fixture.frames(upload).flatMap { $0["boxes"]?.arrayValue ?? [] }
            #expect(boxes.count >= 10)
            let versions = Set(
                boxes.compactMap { $0.documentValue?["boundaries"]?.documentValue?["annotationVersion"]?.intValue })
            #expect(versions == [1])
            #expect(try await fixture.tasks(upload).allSatisfy { $0["AutoAnnotationVersion"] == 1 })
        }
    }
}

extension PipelineFixture {
    /// SHA-256 of the object's bytes.
    func digest(_ key: String) throws -> String {
        ContentDigest.sha256(of: [UInt8](try Data(contentsOf: URL(filePath: self.folder.file("objects/\(key)")))))
    }
}
