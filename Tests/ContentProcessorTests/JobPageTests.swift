import Domain
import Testing

@testable import ContentProcessor

/// The query of `GET /api/jobs`.
@Suite struct JobPageTests {
    private static let id = "00000001a000000000000002"

    @Test func withoutAQueryThePageIsTheFirstHundredOfAllJobs() throws {
        let page = try JobPage([:])
        #expect(page.filter == JobFilter() && page.last == nil && page.size == 100)
    }

    @Test func theNextPageKeepsStateAndSize() throws {
        let query = [
            "state": "running", "kind": "processContent", "upload_id": Self.id, "project_id": Self.id, "limit": "7",
            "after": Self.id,
        ]
        let page = try JobPage(query)
        let id = try #require(ObjectID(Self.id))
        #expect(page.last == id)
        #expect(
            page.filter == JobFilter(state: .running, kind: .processContent, uploadId: id, projectId: id))
        let ids = "upload_id=\(id)&project_id=\(id)"
        #expect(page.path(after: id) == "/api/jobs?state=running&kind=processContent&\(ids)&limit=7&after=\(id)")
    }

    static let bad: [(parameters: [String: String], fields: [String])] = [
        (["state": "lost"], ["state"]), (["limit": "0"], ["limit"]), (["limit": "501"], ["limit"]),
        (["limit": "many"], ["limit"]), (["after": "x"], ["after"]),
        (["kind": "magic"], ["kind"]), (["upload_id": "1"], ["upload_id"]), (["project_id": "p"], ["project_id"]),
        (["uploadId": Self.id, "page": "2"], ["page", "uploadId"]),
        (["state": "x", "limit": "-1", "after": "", "sort": "id"], ["state", "limit", "after", "sort"]),
    ]

    @Test(arguments: bad) func everyBadParameterIsNamed(fact: (parameters: [String: String], fields: [String])) {
        let problem = #expect(throws: Problem.self) { try JobPage(fact.parameters) }
        #expect(problem?.errors.map(\.field) == fact.fields)
    }
}
