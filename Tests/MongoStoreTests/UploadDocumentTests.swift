import Domain
import Foundation
import MongoDriver
import Testing

@testable import MongoStore

/// What becomes of the backend's upload document.
@Suite struct UploadDocumentTests {
    @Test func fieldsOfTheBackendStayWhateverAJobWrites() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 1)
            let item = try #require(try await fixture.database.workItems.take(by: "a", lease: .seconds(9)))
            let counts = try #require(try await fixture.database.complete(item, of: job, framesDone: 2))
            #expect(try await fixture.database.reportClip(counts, of: job))
            try await fixture.database.end(job, as: .succeeded, nil)
            #expect(try await fixture.upload()["ofTheBackend"] == "kept")
        }
    }

    /// The state of an upload, and whether a rejected request may be shown on it.
    static let refusals: [(UploadStatus, Bool)] = [
        (.inProgress, true), (.downloading, true), (.completed, false), (.failed, false),
    ]

    @Test(arguments: refusals)
    func aRejectionIsShownOnUploadsThatWait(_ status: UploadStatus, _ isShown: Bool) async throws {
        try await QueueFixture.run { fixture in
            try await fixture.raw.collection("AnnotationContentUpload").updateOne(
                [:], ["$set": ["status": .int(status.rawValue)]])
            try await fixture.database.uploads.refuse(fixture.uploadId, JobError(code: 422, message: "No video."))
            let upload = try await fixture.upload()
            let error = upload["errorMessage"]?.documentValue
            #expect((error?["error_code"] == 422) == isShown)
            #expect(upload["status"] == .int(isShown ? UploadStatus.failed.rawValue : status.rawValue))
            #expect((upload["finishedAt"] != nil) == isShown)
        }
    }

    @Test func aDeletedUploadIsTold() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 1)
            try await fixture.raw.collection("AnnotationContentUpload").deleteMany([:])
            #expect(try await !fixture.database.uploads.startProcessing(job))
            #expect(try await !fixture.database.reportClip(JobCounts(parts: 1, frames: 2), of: job))
            let header = try await fixture.header(of: job)
            #expect(try await !fixture.database.reportProgress(of: header, runningFrames: 1))
        }
    }

    @Test func anAcceptedRequestIsWrittenAgainWithoutHarm() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 2)
            let header = try await fixture.header(of: job)
            #expect(try await fixture.database.reportProgress(of: header, runningFrames: 2))
            let before = try await fixture.upload()
            // As the reconciler does for a job whose service was killed after the first time.
            try await fixture.database.enqueue(job)
            #expect(try await fixture.upload() == before)
        }
    }

    @Test func theTimeoutOfTheBackendCountsFromTheLatestClip() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 2)
            let long: BSONValue = .date(Date(timeIntervalSince1970: 1_000_000))
            for isClip in [true, false] {
                try await fixture.raw.collection("AnnotationContentUpload").updateOne(
                    [:], ["$set": ["createdAt": long]])
                if isClip {
                    #expect(try await fixture.database.reportClip(JobCounts(parts: 1, frames: 2), of: job))
                } else {
                    let header = try await fixture.header(of: job)
                    #expect(try await fixture.database.reportProgress(of: header, runningFrames: 1))
                }
                #expect((try await fixture.upload()["createdAt"] != long) == isClip)
            }
        }
    }

    @Test func anUploadOfTheReplacedSystemIsReadWithItsNumbersAsTheyAre() async throws {
        try await QueueFixture.run { fixture in
            try await fixture.raw.collection("AnnotationContentUpload").updateOne(
                [:],
                [
                    "$set": [
                        "status": 1.0, "frame_rate": 5.0, "frames_per_task": 120.0,
                        "projectId": .string("\(fixture.projectId)"),
                    ]
                ])
            let upload = try #require(try await fixture.database.uploads.find(fixture.uploadId))
            #expect(upload.projectId == fixture.projectId)
            #expect(upload.status == .completed)
            #expect(upload.frameRate == 5)
            #expect(upload.framesPerTask == 120)
        }
    }

    /// What a project's list of uploads may be before this service adds to it.
    static let lists: [BSONValue?] = [nil, .null, [], "none", [.objectID(ObjectID(seconds: 1, unique: 1))]]

    @Test(arguments: lists)
    func anUploadIsInItsProjectOnce(_ list: BSONValue?) async throws {
        try await QueueFixture.run { fixture in
            let projects = fixture.raw.collection("AnnotationProject")
            if let list { try await projects.updateOne([:], ["$set": ["contentUploads": list]]) }
            for _ in 0..<2 {
                try await fixture.database.projects.add(upload: fixture.uploadId, to: fixture.projectId)
            }
            let uploads = try await projects.findOne([:])?["contentUploads"]?.arrayValue ?? []
            #expect(uploads == (list?.arrayValue ?? []) + [.objectID(fixture.uploadId)])
        }
    }
}
