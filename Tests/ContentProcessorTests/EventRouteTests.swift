import BSON
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import MongoDriver
import Testing

@testable import ContentProcessor

/// `GET /api/jobs/{id}/events`.
@Suite struct EventRouteTests {
    /// A job and the link to its events.
    private static func job(
        _ fixture: ServiceFixture, _ client: any TestClientProtocol
    ) async throws -> (id: String, events: String) {
        try fixture.addVideo()
        let upload = try await fixture.upload()
        let answer = try await client.post("/api/processContent", fixture.fields(upload)).object
        let links = try #require(answer["links"] as? [String: String])
        return (try #require(answer["job_id"] as? String), try #require(links["events"]))
    }

    /// The events of a body: names and data.
    private static func events(_ text: String) -> [(name: String, data: String)] {
        text.components(separatedBy: "\n\n").compactMap { block in
            let lines = block.split(separator: "\n")
            guard let data = lines.first(where: { $0.hasPrefix("data: ") })?.dropFirst(6) else { return nil }
            let name = lines.first { $0.hasPrefix("event: ") }?.dropFirst(7) ?? "message"
            return (String(name), String(data))
        }
    }

    @Test func aJobIsWatchedToItsEndThroughItsLink() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withWorkingClient { client in
                let job = try await Self.job(fixture, client)
                // Without a key: the link is enough.
                let answer = try await client.get(job.events, headers: [:])
                #expect(answer.status == .ok)
                #expect(answer.headers[.contentType]?.hasPrefix("text/event-stream") == true)
                #expect(answer.headers[.cacheControl] == "no-store")
                let events = Self.events(answer.text)
                let states = events.compactMap { event in
                    (try? JSONSerialization.jsonObject(with: Data(event.data.utf8)) as? [String: Any])?["state"]
                        as? String
                }
                #expect(states.last == "succeeded")
                #expect(events.last?.name == "end")
                let progress = events.compactMap { event in
                    (try? JSONSerialization.jsonObject(with: Data(event.data.utf8)) as? [String: Any])?["progress"]
                        as? Int
                }
                #expect(progress == progress.sorted())
                #expect(progress.last == 100)
            }
        }
    }

    @Test func whoKnowsTheEndIsToldNothing() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withWorkingClient { client in
                let job = try await Self.job(fixture, client)
                let text = try await client.get(job.events, headers: [:]).text
                let last = try #require(
                    text.split(separator: "\n").last { $0.hasPrefix("id: ") }?.dropFirst(4).description)
                let name = try #require(HTTPField.Name("Last-Event-ID"))
                let again = try await client.get(job.events, headers: [name: last])
                #expect(again.status == .noContent)
            }
        }
    }

    @Test func aTokenOpensItsJobAndNoOther() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                let job = try await Self.job(fixture, client)
                let token = try #require(job.events.split(separator: "=").last)
                let other = "/api/jobs/\(ObjectID(seconds: 1, unique: 1))/events"
                for path in [
                    "\(other)?token=\(token)", "/api/jobs/\(job.id)/events?token=\(token)0",
                    "/api/jobs/\(job.id)/events?token=", "/api/jobs/\(job.id)/events?token=1.2",
                    "/api/jobs/\(job.id)?token=\(token)", "/api/jobs/\(job.id)/events",
                ] {
                    #expect(try await client.get(path, headers: [:]).status.code == 401, "\(path)")
                }
                try await client.get("\(other)").expectProblem(404, "There is no such job")
            }
        }
    }
}
