import BSON
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import MongoDriver
import Testing

@testable import ContentProcessor

/// `/api/jobs` and `/api/createDataSet`.
@Suite struct JobRouteTests {
    /// Starts jobs of as many uploads and returns their ids, the oldest first.
    private static func start(
        _ count: Int, _ fixture: ServiceFixture, _ client: any TestClientProtocol
    ) async throws -> [String] {
        try fixture.addVideo()
        var ids: [String] = []
        for number in 0..<count {
            let upload = try await fixture.upload(UInt64(number + 1))
            let answer = try await client.post("/api/processContent", fixture.fields(upload))
            ids.append(try #require(try answer.object["job_id"] as? String))
        }
        return ids
    }

    @Test func jobsArePagedWithALinkToTheNextPage() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                let ids = try await Self.start(5, fixture, client)
                var seen: [String] = []
                var path: String? = "/api/jobs?limit=2"
                var pageCount = 0
                while let next = path {
                    let page = try await client.get(next)
                    seen += try page.list.compactMap { $0["job_id"] as? String }
                    path = page.headers[.link].map { String($0.split(separator: ">")[0].dropFirst()) }
                    pageCount += 1
                }
                // Ids of one second are in no promised order.
                #expect(seen.count == 5)
                #expect(Set(seen) == Set(ids))
                #expect(pageCount == 3)
            }
        }
    }

    static let badQueries = [
        ("state=done", "state must be one of"), ("limit=0", "limit must be a number from 1 to 500"),
        ("limit=501", "limit must be"), ("limit=many", "limit must be"), ("after=x", "after must be the id of a job"),
    ]

    @Test(arguments: badQueries)
    func aBadQueryIsNamed(_ query: String, _ words: String) async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                try await client.get("/api/jobs?\(query)").expectProblem(400, words)
            }
        }
    }

    @Test func jobsOfAStateAreListed() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                let ids = try await Self.start(2, fixture, client)
                #expect(
                    try await client.execute(uri: "/api/jobs/\(ids[0])", method: .delete, headers: .withKey).status
                        == .ok)
                let cancelled = try await client.get("/api/jobs?state=cancelled").list
                #expect(cancelled.compactMap { $0["job_id"] as? String } == [ids[0]])
                let queued = try await client.get("/api/jobs?state=queued").list
                #expect(queued.compactMap { $0["job_id"] as? String } == [ids[1]])
            }
        }
    }

    @Test func jobsOfAnUploadAProjectOrAKindAreListed() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                let ids = try await Self.start(2, fixture, client)
                let upload = ObjectID(seconds: 9, unique: 2)
                let ofUpload = try await client.get("/api/jobs?upload_id=\(upload)").list
                #expect(ofUpload.compactMap { $0["job_id"] as? String } == [ids[1]])
                for (query, count) in [
                    ("project_id=\(fixture.projectId)", 2), ("project_id=\(upload)", 0), ("kind=processContent", 2),
                    ("kind=buildDataset", 0), ("kind=processContent&upload_id=\(upload)&state=queued", 1),
                ] {
                    let jobs = try await client.get("/api/jobs?\(query)").list
                    #expect(jobs.count == count, "\(query)")
                }
                try await client.get("/api/jobs?uploadId=\(upload)")
                    .expectProblem(400, "known are state, kind, upload_id")
            }
        }
    }

    @Test func aJobIsSeenFromItsRequestToItsEnd() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withWorkingClient { client in
                try fixture.addVideo()
                let upload = try await fixture.upload()
                _ = try await client.post(
                    "/api/processContent", fixture.fields(upload), headers: [.prefer: "wait=30"])
                let listed = try #require(try await client.get("/api/jobs").list.first)
                let id = try #require(listed["job_id"] as? String)
                let job = try await client.get("/api/jobs/\(id)").object
                #expect(job["state"] as? String == "succeeded")
                #expect(job["progress"] as? Int == 100)
                #expect(job["clips_done"] as? Int == 1)
                #expect(job["clip_count"] as? Int == 1)
                #expect(job["frames_done"] as? Int == 10)
                #expect(job["upload_id"] as? String == "\(upload)")
                #expect(job["kind"] as? String == "processContent")
                #expect(job["error"] == nil)
                let dates = try #require(job["dates"] as? [String: String])
                #expect(Set(dates.keys).isSuperset(of: ["created", "processing", "processed", "finished"]))
            }
        }
    }

    @Test func aCancelledJobSaysSoOnItsUpload() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                let id = try await Self.start(1, fixture, client)[0]
                let answer = try await client.execute(uri: "/api/jobs/\(id)", method: .delete, headers: .withKey)
                #expect(try answer.object["state"] as? String == "cancelled")
                let upload = try #require(try await fixture.raw.collection("AnnotationContentUpload").findOne([:]))
                #expect(upload["status"] == 2)
                #expect(upload["errorMessage"]?.documentValue?["error_code"] == 499)
                // Once more changes nothing.
                let again = try await client.execute(uri: "/api/jobs/\(id)", method: .delete, headers: .withKey)
                #expect(try again.object["state"] as? String == "cancelled")
            }
        }
    }

    @Test(arguments: ["/api/jobs/x", "/api/jobs/6b098df0b0b0b0b0b0b0b0b0"])
    func anUnknownJobIsNotFound(_ path: String) async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                try await client.get(path).expectProblem(404, "There is no such job")
                try await client.execute(uri: path, method: .delete, headers: .withKey)
                    .expectProblem(404, "There is no such job")
            }
        }
    }

    @Test func aDatasetVersionIsQueuedOnce() async throws {
        try await ServiceFixture.run { fixture in
            let version = ObjectID(seconds: 11, unique: 1)
            try await fixture.raw.collection("AnnotationDatasetVersion").insertOne(["_id": .objectID(version)])
            try await fixture.withClient { client in
                let fields = ["auth_key": ServiceFixture.key, "data_version_id": "\(version)"]
                for _ in 0..<2 {
                    let answer = try await client.post("/api/createDataSet", fields)
                    #expect(answer.status == .created)
                }
                let count = try await fixture.raw.collection("ContentJob").count()
                #expect(count == 1)
            }
        }
    }

    /// Fields of a request for a dataset, and what is wrong with them.
    static let badDatasets: [([String: String], Int, String)] = [
        ([:], 400, "data_version_id is missing"),
        (["data_version_id": "7"], 400, "24 hexadecimal digits"),
        (["data_version_id": "\(ObjectID(seconds: 1, unique: 1))"], 404, "There is no dataset version"),
    ]

    @Test(arguments: badDatasets)
    func aBadRequestForADatasetIsRefused(_ fields: [String: String], _ status: Int, _ words: String) async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                try await client.post("/api/createDataSet", fields, headers: .withKey).expectProblem(status, words)
            }
        }
    }

    @Test func theBackendThatSendsNoKeyIsLetInWhereTheConfigurationSaysSo() async throws {
        for (setting, status) in [("true", 404), ("false", 401)] {
            try await ServiceFixture.run(settings: ["allow_unkeyed_dataset_requests = \(setting)"]) { fixture in
                try await fixture.withClient { client in
                    let fields = ["data_version_id": "\(ObjectID(seconds: 1, unique: 1))"]
                    let answer = try await client.post("/api/createDataSet", fields)
                    #expect(answer.status.code == status)
                    // A wrong key is refused in any case.
                    let wrong: HTTPFields = [.authorization: "Bearer wrong"]
                    let refused = try await client.post("/api/createDataSet", fields, headers: wrong)
                    #expect(refused.status.code == 401)
                }
            }
        }
    }
}
