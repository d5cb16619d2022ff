import Domain
import Testing

@testable import ContentProcessor

/// The query of `GET /api/jobs`.
@Suite struct JobPageTests {
    private static let id = "00000001a000000000000002"

    @Test func withoutAQueryThePageIsTheFirstHundredOfAllJobs() throws {
        let page = try JobPage([:])
        #expect(page.state == nil && page.last == nil && page.size == 100)
    }

    @Test func theNextPageKeepsStateAndSize() throws {
        let page = try JobPage(["state": "running", "limit": "7", "after": Self.id])
        let last = try #require(ObjectID(Self.id))
        #expect(page.last == last)
        #expect(page.path(after: last) == "/api/jobs?state=running&limit=7&after=\(Self.id)")
    }

    static let bad: [(parameters: [String: String], fields: [String])] = [
        (["state": "lost"], ["state"]), (["limit": "0"], ["limit"]), (["limit": "501"], ["limit"]),
        (["limit": "many"], ["limit"]), (["after": "x"], ["after"]),
        (["state": "x", "limit": "-1", "after": ""], ["state", "after", "limit"]),
    ]

    @Test(arguments: bad) func everyBadParameterIsNamed(fact: (parameters: [String: String], fields: [String])) {
        let problem = #expect(throws: Problem.self) { try JobPage(fact.parameters) }
        #expect(problem?.errors.map(\.field) == fact.fields)
    }
}
