import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import ContentProcessor

/// Keys, health, metrics, descriptions, other origins, and paths that lead nowhere.
@Suite struct ServiceRouteTests {
    /// Headers with a key, and whether it is taken.
    static let keys: [(HTTPFields, Bool)] = [
        ([.authorization: "Bearer \(ServiceFixture.key)"], true),
        ([.authorization: "bearer \(ServiceFixture.key)"], true),
        ([.apiKey: ServiceFixture.key], true),
        ([.authorization: "Bearer wrong"], false),
        ([.authorization: "Basic \(ServiceFixture.key)"], false),
        ([.authorization: ServiceFixture.key], false),
        ([.apiKey: ""], false),
        ([:], false),
        // A wrong key in one place is not made good by a right one in the other.
        ([.authorization: "Bearer wrong", .apiKey: ServiceFixture.key], false),
    ]

    @Test func onlyAKeyOpensTheAPI() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                for (headers, isTaken) in Self.keys {
                    let answer = try await client.get("/api/jobs", headers: headers)
                    #expect(answer.status.code == (isTaken ? 200 : 401), "\(headers)")
                    if !isTaken { try answer.expectProblem(401, "The key is missing or wrong") }
                }
            }
        }
    }

    @Test func nothingIsToldOfABodyToWhoHasNoKey() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                let answer = try await client.execute(
                    uri: "/api/processContent", method: .post,
                    headers: [.authorization: "Bearer wrong", .contentType: "application/json"],
                    body: ByteBuffer(string: "{\"frame_rate\": "))
                try answer.expectProblem(401, "The key is missing or wrong")
            }
        }
    }

    @Test func aSecondKeyWorksWhileKeysAreChanged() async throws {
        try await ServiceFixture.run(settings: ["api_key_next = the-key-that-comes-after-it"]) { fixture in
            try await fixture.withClient { client in
                for key in [ServiceFixture.key, "the-key-that-comes-after-it"] {
                    let answer = try await client.get("/api/jobs", headers: [.apiKey: key])
                    #expect(answer.status == .ok)
                }
            }
        }
    }

    @Test func theServiceSaysThatItLivesAndIsReady() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                #expect(try await client.get("/healthz", headers: [:]).object["status"] as? String == "ok")
                let ready = try await client.get("/readyz", headers: [:])
                #expect(ready.status == .ok)
                let checks = try #require(try ready.object["checks"] as? [String: String])
                #expect(checks == ["mongodb": "ok", "object_store": "ok", "work_folder": "ok"])
            }
        }
    }

    @Test func aServiceWithoutItsDatabaseLivesAndIsNotReady() async throws {
        try await ServiceFixture.runWithoutDatabase { fixture in
            try await fixture.withClient { client in
                #expect(try await client.get("/healthz", headers: [:]).status == .ok)
                let ready = try await client.get("/readyz", headers: [:])
                #expect(ready.status.code == 503)
                let checks = try #require(try ready.object["checks"] as? [String: String])
                #expect(checks["object_store"] == "ok")
                #expect(checks["mongodb"] != "ok")
                // Who has no key learns no host.
                #expect(!ready.text.contains("127.0.0.1"))
                let answer = try await client.get("/api/jobs")
                #expect(answer.status.code == 503)
                #expect(answer.headers[.retryAfter] == "5")
            }
        }
    }

    @Test func metricsAreForPrometheusAndNeedAKeyWhereItIsWanted() async throws {
        for (setting, status) in [("false", 200), ("true", 401)] {
            try await ServiceFixture.run(settings: ["metrics_need_key = \(setting)"]) { fixture in
                try await fixture.withClient { client in
                    _ = try await client.get("/api/jobs")
                    #expect(try await client.get("/metrics", headers: [:]).status.code == status)
                    let metrics = try await client.get("/metrics")
                    #expect(metrics.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
                    let lines = metrics.text.split(separator: "\n")
                    #expect(lines.contains("content_processor_mongodb_up 1"))
                    let route = "method=\"GET\",route=\"/api/jobs\",status=\"200\""
                    #expect(
                        lines.contains(
                            "content_processor_http_request_duration_seconds_count{\(route)} 1"))
                }
            }
        }
    }

    @Test func theDescriptionIsJSONThatAnybodyMayRead() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                let description = try await client.get("/openapi.json", headers: [:]).object
                #expect((description["openapi"] as? String)?.hasPrefix("3.1") == true)
                let paths = try #require(description["paths"] as? [String: Any])
                #expect(Set(paths.keys).isSuperset(of: ["/api/processContent", "/api/jobs", "/api/jobs/{id}"]))
            }
        }
    }

    /// Requests that no route has, and the methods that their paths know.
    static let wrongMethods: [(HTTPRequest.Method, String, String?)] = [
        (.put, "/api/processContent", "POST"), (.get, "/api/processContent", "POST"),
        (.post, "/api/jobs", "GET, HEAD"), (.put, "/api/jobs/1", "DELETE, GET, HEAD"), (.get, "/api/nothing", nil),
        (.get, "/", nil), (.get, "/api/jobs/1/2", nil),
    ]

    @Test func aWrongMethodIsToldTheRightOnes() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                for (method, path, allowed) in Self.wrongMethods {
                    let answer = try await client.execute(uri: path, method: method, headers: .withKey)
                    #expect(answer.status.code == (allowed == nil ? 404 : 405), "\(method) \(path)")
                    #expect(answer.headers[.allow] == allowed, "\(method) \(path)")
                    #expect(answer.headers[.contentType]?.hasPrefix("application/problem+json") == true)
                }
            }
        }
    }

    @Test func aPageOfAConfiguredOriginMayCallAndOthersMayNot() async throws {
        try await ServiceFixture.run(settings: ["cors_origins = https://front.example"]) { fixture in
            try await fixture.withClient { client in
                let asks: HTTPFields = [.origin: "https://front.example", .accessControlRequestMethod: "POST"]
                let preflight = try await client.execute(
                    uri: "/api/processContent", method: .options, headers: asks)
                #expect(preflight.status == .noContent)
                #expect(preflight.headers[.accessControlAllowOrigin] == "https://front.example")
                #expect(preflight.headers[.accessControlAllowMethods]?.contains("POST") == true)
                var headers = HTTPFields.withKey
                headers[.origin] = "https://front.example"
                let own = try await client.get("/api/jobs", headers: headers)
                #expect(own.headers[.accessControlAllowOrigin] == "https://front.example")
                #expect(own.headers[.vary] == "Origin")
                headers[.origin] = "https://evil.example"
                let other = try await client.get("/api/jobs", headers: headers)
                #expect(other.status == .ok)
                #expect(other.headers[.accessControlAllowOrigin] == nil)
            }
        }
    }

    @Test func everyAnswerHasTheIdOfItsRequest() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                let own = try await client.get("/healthz", headers: [.requestId: "trace-7"])
                #expect(own.headers[.requestId] == "trace-7")
                let bad = try await client.get("/nothing", headers: [.requestId: "a b\u{e9}"])
                #expect(bad.headers[.requestId]?.count == 16)
                let problem = try await client.get("/nothing", headers: [:])
                #expect(problem.headers[.requestId]?.isEmpty == false)
            }
        }
    }

    @Test func headIsGetWithoutABody() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                let head = try await client.execute(uri: "/healthz", method: .head)
                #expect(head.status == .ok)
                #expect(head.body.readableBytes == 0)
            }
        }
    }
}
