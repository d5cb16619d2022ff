import BSON
import ContentPipeline
import Domain
import Foundation
import MongoDriver
import MongoStore
import TestSupport
import Testing

/// What becomes of requests before any work is done.
@Suite struct IntakeTests {
    @Test func anAcceptedRequestIsOnTheUploadInTheProjectAndInTheQueue() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let upload = try await fixture.upload(fields: ["errorMessage": ["error_code": 500], "progress": 80])
            let job = try await fixture.start(upload)
            #expect(job.runNumber == 1)
            #expect(job.framesPerTask == 10)
            let document = try await fixture.document(upload)
            #expect(document["status"] == 0)
            #expect(document["progress"] == 0)
            #expect(document["errorMessage"] == [:])
            #expect(document["frame_rate"] == 5)
            #expect(document["frames_per_task"] == 10)
            #expect(document["sourceFilePath"] == "contents/p1/cam.mp4")
            #expect(document["processing"]?.documentValue?["jobId"] == .objectID(job.id))
            let project = try #require(try await fixture.raw.collection("AnnotationProject").findOne([:]))
            #expect(project["contentUploads"] == [.objectID(upload)])
            let plan = try #require(try await fixture.database.workItems.take(by: "a", lease: .seconds(9)))
            #expect((plan.jobId, plan.kind) == (job.id, .plan))
            #expect(try await fixture.header(job).state == .queued)
        }
    }

    /// Fields that replace those of a good request, the status of the rejection, and words of its message.
    static let rejections: [([String: String], Int, String)] = [
        (["upload_id": "x"], 400, "upload_id"),
        (["project_id": ""], 400, "project_id"),
        (["frame_rate": "0"], 400, "frame_rate"),
        (["frame_rate": "241"], 400, "frame_rate"),
        (["frame_rate": "5.5"], 400, "frame_rate"),
        (["force_write": "2"], 400, "force_write"),
        (["request_type": "3"], 400, "request_type"),
        (["content_type": "0"], 400, "content_type"),
        (["content_path": "contents/p1/\u{7}.mp4"], 400, "control characters"),
        (["content_path": "/etc/passwd"], 400, "inside the content folder"),
        (["content_path": "contents/../../x.mp4"], 400, "inside the content folder"),
        (["auto_anno_version": "1"], 400, "must be 0 with request_type 0"),
        (["request_type": "1"], 400, "registered: 1"),
        (["request_type": "1", "auto_anno_version": "7"], 400, "registered: 1"),
        (["upload_id": "\(ObjectID(seconds: 1, unique: 1))"], 404, "There is no upload"),
        (["project_id": "\(ObjectID(seconds: 1, unique: 1))"], 404, "There is no project"),
        (["content_path": "contents/p1/none.mp4"], 422, "There is no file"),
        (["content_path": "contents/p1"], 422, "not a regular file"),
        (["content_path": "contents/p1/notes.txt"], 422, "none of the allowed kinds"),
        (["content_path": "contents/p1/large.mp4"], 422, "at most 1048576 are allowed"),
        (["content_path": "contents/p1/notes.txt", "content_type": "2"], 422, "neither a folder of images"),
        (["request_type": "2", "auto_anno_version": "1"], 422, "no tasks that could be annotated"),
    ]

    @Test func aRequestThatCannotBeDoneIsRejectedWithWhatToChange() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            try Data("notes".utf8).write(to: URL(filePath: fixture.folder.file("contents/p1/notes.txt")))
            try Data(count: (1 << 20) + 1).write(to: URL(filePath: fixture.folder.file("contents/p1/large.mp4")))
            for (number, (changes, status, words)) in Self.rejections.enumerated() {
                let upload = try await fixture.upload(UInt64(number + 1))
                let rejection = await #expect(throws: IntakeRejection.self, "\(changes)") {
                    _ = try await fixture.intake.accept(fields: fixture.request(upload, changes))
                }
                #expect(rejection?.status == status, "\(changes)")
                #expect(rejection?.message.contains(words) == true, "\(changes): \(rejection?.message ?? "")")
                // The backend polls only the upload: what is wrong with the request stands there.
                let isShown = (status == 400 || status == 422) && changes["upload_id"] == nil
                let document = try await fixture.document(upload)
                #expect(document["status"] == (isShown ? 2 : 0), "\(changes)")
                let code = document["errorMessage"]?.documentValue?["error_code"]
                #expect(code == (isShown ? .int(status) : nil), "\(changes)")
            }
            #expect(try await fixture.raw.collection("ContentJob").count() == 0)
        }
    }

    @Test func allBadFieldsAreNamedAtOnce() async throws {
        try await PipelineFixture.run { fixture in
            let rejection = await #expect(throws: IntakeRejection.self) {
                _ = try await fixture.intake.accept(fields: ["frame_rate": "fast"])
            }
            guard case .badFields(let errors) = rejection else {
                Issue.record("\(String(describing: rejection))"); return
            }
            let fields = Set(errors.map(\.field))
            #expect(
                fields.isSuperset(of: [
                    "upload_id", "project_id", "frame_rate", "content_path", "force_write", "auto_anno_version",
                    "request_type",
                ]))
        }
    }

    @Test func theSameRequestJoinsTheJobAndAnotherOneIsRefusedWhileItRuns() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            let job = try await fixture.start(upload)
            #expect(try await fixture.start(upload).id == job.id)
            let other = await #expect(throws: IntakeRejection.self) {
                _ = try await fixture.intake.accept(fields: fixture.request(upload, ["frame_rate": "6"]))
            }
            #expect(other?.status == 409)
            // A rejection touches no upload that is being processed.
            let bad = await #expect(throws: IntakeRejection.self) {
                _ = try await fixture.intake.accept(fields: fixture.request(upload, ["frame_rate": "x"]))
            }
            #expect(bad?.status == 400)
            #expect(try await fixture.document(upload)["status"] == 0)
            #expect(try await fixture.raw.collection("ContentJob").count() == 1)
        }
    }

    @Test func ofManyEqualRequestsAtOneMomentOneStartsTheJob() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            let ids = try await Array(0..<12).concurrentMap { _ in try await fixture.start(upload).id }
            #expect(Set(ids).count == 1)
            #expect(try await fixture.raw.collection("ContentJob").count() == 1)
            #expect(try await fixture.raw.collection("ContentJobUnit").count() == 1)
        }
    }

    @Test func aFullQueueTakesNoNewJobAndStillJoinsKnownOnes() async throws {
        try await PipelineFixture.run(queueLimit: 1) { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let first = try await fixture.upload(1)
            let second = try await fixture.upload(2)
            let job = try await fixture.start(first)
            let rejection = await #expect(throws: IntakeRejection.self) { _ = try await fixture.start(second) }
            #expect(rejection == .queueFull(retryAfter: .seconds(30)))
            #expect(try await fixture.start(first).id == job.id)
        }
    }

    @Test func tasksOfTheReplacedSystemAreAnsweredOrProtected() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let upload = try await fixture.upload(fields: ["frame_rate": 5.0, "request_type": 0])
            try await fixture.raw.collection("AnnotationContentUpload").updateOne(
                ["_id": .objectID(upload)], ["$set": ["status": 1]])
            try await fixture.raw.collection("AnnotationTask").insertOne(["uploadId": .objectID(upload)])
            guard case .tasks(of: nil) = try await fixture.intake.accept(fields: fixture.request(upload)) else {
                Issue.record("not answered with the tasks that are there")
                return
            }
            let other = await #expect(throws: IntakeRejection.self) {
                _ = try await fixture.intake.accept(fields: fixture.request(upload, ["frame_rate": "6"]))
            }
            #expect(other?.status == 409)
            #expect(other?.message.contains("force_write=1") == true)
            _ = try await fixture.start(upload, ["force_write": "1"])
        }
    }

    /// Fields of a frame that people or datasets made.
    static let humanWork: [BSONDocument] = [
        ["isUserAnnotated": true],
        ["boxes": [["boundaries": ["annotatorId": "anna"]]]],
        ["commentBoxes": [["text": "what is this?"]]],
        ["datasetVersions": [["versionId": "v"]]],
    ]

    @Test(arguments: humanWork)
    func humanWorkIsNotReplaced(_ work: BSONDocument) async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            let job = try await fixture.start(upload)
            #expect(try await fixture.finish(job).state == .succeeded)
            let frame = try #require(try await fixture.frames(upload).first?["_id"])
            try await fixture.raw.collection("AnnotationFrame").updateOne(["_id": frame], ["$set": .document(work)])
            let before = try await fixture.outcome(upload)
            let rejection = await #expect(throws: IntakeRejection.self) {
                _ = try await fixture.start(upload, ["force_write": "1"])
            }
            #expect(rejection?.status == 409)
            #expect(rejection?.message.hasSuffix("Nothing was changed.") == true)
            #expect(try await fixture.outcome(upload) == before)
        }
    }
}
