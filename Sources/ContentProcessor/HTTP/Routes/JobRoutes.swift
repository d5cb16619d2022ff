import Domain
import FoundationEssentials
import Hummingbird
import MongoStore

/// `GET /api/jobs`, and `GET` and `DELETE /api/jobs/{id}`.
struct JobRoutes: Sendable {
    let database: AnnotationDatabase
    let tokens: EventTokens

    func add(to group: RouterGroup<APIRequestContext>) {
        group.get("jobs") { request, _ in try await self.list(try request.parameters()) }
        group.get("jobs/:id") { _, context in try self.answer(try await self.database.job(context)) }
        group.delete("jobs/:id") { _, context in
            try await self.database.end(try await self.database.job(context).job, as: .cancelled, .cancelled)
            return try self.answer(try await self.database.job(context))
        }
    }

    /// A page of jobs of one state or of all, the newest first; `Link` (RFC 8288) leads to the next page.
    private func list(_ parameters: [String: String]) async throws -> Response {
        let page = try JobPage(parameters)
        let jobs = try await self.database.newestJobs(in: page.state, after: page.last, limit: page.size + 1)
        var response = try Response.json(jobs.prefix(page.size).map(self.view))
        if jobs.count > page.size, let last = jobs.prefix(page.size).last {
            response.headers[.link] = "<\(page.path(after: last.job.id))>; rel=\"next\""
        }
        return response
    }

    private func answer(_ job: JobSnapshot) throws -> Response { try Response.json(self.view(job)) }

    private func view(_ job: JobSnapshot) -> JobView { JobView(job, links: self.tokens.links(to: job.job.id)) }
}

/// Which jobs a list shows: the query of `GET /api/jobs`.
struct JobPage: Hashable {
    let state: JobState?
    /// The last job of the page before; `nil` for the first page.
    let last: ObjectID?
    let size: Int

    static let sizes = 1...500
    static let defaultSize = 100

    /// - Throws: ``Problem`` with 400 that names every bad parameter.
    init(_ parameters: [String: String]) throws(Problem) {
        var errors: [FieldError] = []
        self.state = parameters["state"].flatMap(JobState.init)
        if parameters["state"] != nil, self.state == nil {
            let known = JobState.allCases.map(\.rawValue).joined(separator: ", ")
            errors.append(FieldError(field: "state", message: "state must be one of \(known)."))
        }
        self.last = parameters["after"].flatMap(ObjectID.init)
        if parameters["after"] != nil, self.last == nil {
            errors.append(FieldError(field: "after", message: "after must be the id of a job."))
        }
        let size = parameters["limit"].map { Int($0) } ?? Self.defaultSize
        self.size = size ?? Self.defaultSize
        if size.map(Self.sizes.contains) != true {
            errors.append(
                FieldError(
                    field: "limit",
                    message: "limit must be a number from \(Self.sizes.lowerBound) to \(Self.sizes.upperBound)."))
        }
        guard errors.isEmpty else {
            throw Problem(400, errors.map(\.message).joined(separator: " "), errors: errors)
        }
    }

    /// The address of the page that follows a job.
    func path(after last: ObjectID) -> String {
        let state = self.state.map { "state=\($0.rawValue)&" } ?? ""
        return "/api/jobs?\(state)limit=\(self.size)&after=\(last)"
    }
}
