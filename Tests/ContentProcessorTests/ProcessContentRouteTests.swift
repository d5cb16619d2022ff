import BSON
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import MongoDriver
import NIOCore
import TestSupport
import Testing

@testable import ContentProcessor

/// `POST /api/processContent`.
@Suite struct ProcessContentRouteTests {
    private static let path = "/api/processContent"

    @Test(arguments: BodyEncoding.allCases)
    func aRequestIsAcceptedInEveryEncoding(_ encoding: BodyEncoding) async throws {
        try await ServiceFixture.run { fixture in
            try fixture.addVideo()
            let upload = try await fixture.upload()
            try await fixture.withClient { client in
                let answer = try await client.post(Self.path, fixture.fields(upload), as: encoding)
                #expect(answer.status == .accepted)
                let accepted = try answer.object
                #expect(accepted["upload_id"] as? String == "\(upload)")
                #expect(accepted["state"] as? String == "queued")
                let job = try #require(accepted["job_id"] as? String)
                let links = try #require(accepted["links"] as? [String: String])
                #expect(links.values.contains { $0.contains("/api/jobs/\(job)") })
            }
            #expect(try await fixture.raw.collection("ContentJob").count() == 1)
        }
    }

    /// What a request is and sends, and the status and words of the answer.
    struct Refusal: Sendable, CustomTestStringConvertible {
        var changes: [String: String] = [:]
        var contentType: String?
        var body: String?
        let status: Int
        let words: String

        var testDescription: String { "\(self.status) \(self.words)" }
    }

    static let refusals = [
        Refusal(changes: ["auth_key": "wrong"], status: 401, words: "The key is missing or wrong"),
        Refusal(changes: ["frame_rate": "fast"], status: 400, words: "frame_rate"),
        Refusal(changes: ["upload_id": "\(ObjectID(seconds: 1, unique: 1))"], status: 404, words: "There is no upload"),
        Refusal(changes: ["content_path": "contents/p1/none.mp4"], status: 422, words: "There is no file"),
        Refusal(contentType: "text/plain", body: "hello", status: 415, words: "multipart/form-data"),
        Refusal(contentType: "application/json", body: "{\"a\":", status: 400, words: "JSON"),
        Refusal(contentType: "application/json", body: "[1]", status: 400, words: "JSON"),
        Refusal(
            contentType: "application/json", body: "{\"a\": \"\(String(repeating: "x", count: 65_536))\"}", status: 413,
            words: "65536"),
        Refusal(contentType: "multipart/form-data", body: "--b--", status: 400, words: "boundary"),
    ]

    @Test(arguments: refusals)
    func whatCannotBeDoneIsAProblemThatSaysWhy(_ refusal: Refusal) async throws {
        try await ServiceFixture.run { fixture in
            try fixture.addVideo()
            let upload = try await fixture.upload()
            try await fixture.withClient { client in
                let answer: TestResponse
                if let body = refusal.body {
                    var headers = HTTPFields.withKey
                    headers[.contentType] = refusal.contentType
                    answer = try await client.execute(
                        uri: Self.path, method: .post, headers: headers, body: ByteBuffer(string: body))
                } else {
                    answer = try await client.post(Self.path, fixture.fields(upload, refusal.changes))
                }
                try answer.expectProblem(refusal.status, refusal.words)
            }
            #expect(try await fixture.raw.collection("ContentJob").count() == 0)
        }
    }

    @Test func badFieldsAreListedByName() async throws {
        try await ServiceFixture.run { fixture in
            let upload = try await fixture.upload()
            try await fixture.withClient { client in
                let answer = try await client.post(
                    Self.path, fixture.fields(upload, ["frame_rate": "0", "force_write": "yes"]))
                let errors = try #require(try answer.object["errors"] as? [[String: String]])
                #expect(Set(errors.compactMap { $0["field"] }) == ["frame_rate", "force_write"])
                #expect(errors.allSatisfy { $0["message"]?.isEmpty == false })
            }
        }
    }

    @Test func repeatsJoinAndOtherParametersConflict() async throws {
        try await ServiceFixture.run { fixture in
            try fixture.addVideo()
            let upload = try await fixture.upload()
            try await fixture.withClient { client in
                let first = try await client.post(Self.path, fixture.fields(upload)).object["job_id"] as? String
                let second = try await client.post(Self.path, fixture.fields(upload)).object["job_id"] as? String
                #expect(first != nil)
                #expect(first == second)
                try await client.post(Self.path, fixture.fields(upload, ["frame_rate": "9"]))
                    .expectProblem(409, "other parameters")
            }
        }
    }

    @Test func aFullQueueSaysWhenToComeAgain() async throws {
        try await ServiceFixture.run(settings: ["queue_limit = 1"]) { fixture in
            try fixture.addVideo()
            let (first, second) = (try await fixture.upload(1), try await fixture.upload(2))
            try await fixture.withClient { client in
                #expect(try await client.post(Self.path, fixture.fields(first)).status == .accepted)
                let answer = try await client.post(Self.path, fixture.fields(second))
                try answer.expectProblem(429, "The queue is full")
                #expect(answer.headers[.retryAfter] == "30")
            }
        }
    }

    @Test func whoWaitsGetsTheTasks() async throws {
        try await ServiceFixture.run { fixture in
            try fixture.addVideo()
            let upload = try await fixture.upload()
            try await fixture.withWorkingClient { client in
                let answer = try await client.post(
                    Self.path, fixture.fields(upload), headers: [.prefer: "respond-async, wait=30"])
                #expect(answer.status == .ok)
                let tasks = try answer.list
                #expect(tasks.compactMap { $0["taskName"] as? String } == ["task-0-cam"])
                // The same again needs no waiting.
                let again = try await client.post(Self.path, fixture.fields(upload))
                #expect(again.status == .ok)
                #expect(again.text == answer.text)
            }
        }
    }

    @Test func whoWaitsIsToldHowAJobFailed() async throws {
        try await ServiceFixture.run { fixture in
            try Data("no video".utf8).write(to: URL(filePath: fixture.folder.file("contents/p1/cam.mp4")))
            let upload = try await fixture.upload()
            try await fixture.withWorkingClient { client in
                let answer = try await client.post(Self.path, fixture.fields(upload), headers: [.prefer: "wait=30"])
                #expect(answer.status.code == 422)
                #expect(try answer.object["title"] as? String == "Unprocessable Entity")
            }
        }
    }

    @Test func whoDoesNotWaitLongEnoughGetsTheJob() async throws {
        try await ServiceFixture.run { fixture in
            try fixture.addVideo()
            let upload = try await fixture.upload()
            // Nobody works.
            try await fixture.withClient { client in
                let answer = try await client.post(Self.path, fixture.fields(upload), headers: [.prefer: "wait=1"])
                #expect(answer.status == .accepted)
            }
        }
    }

    @Test func withoutADatabaseTheClientIsToldToComeAgain() async throws {
        try await ServiceFixture.runWithoutDatabase { fixture in
            try await fixture.withClient { client in
                let answer = try await client.post(Self.path, fixture.fields(ObjectID(seconds: 9, unique: 1)))
                #expect(answer.status.code == 503)
                #expect(answer.headers[.retryAfter] == "5")
                #expect(!answer.text.contains("127.0.0.1"))
            }
        }
    }
}
