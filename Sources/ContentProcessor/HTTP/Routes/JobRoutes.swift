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

    /// A page of jobs, the newest first; `Link` (RFC 8288) leads to the next page.
    private func list(_ parameters: [String: String]) async throws -> Response {
        let page = try JobPage(parameters)
        let jobs = try await self.database.newestJobs(page.filter, after: page.last, limit: page.size + 1)
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
    let filter: JobFilter
    /// The last job of the page before; `nil` for the first page.
    let last: ObjectID?
    let size: Int

    static let sizes = 1...500
    static let defaultSize = 100

    /// In the order in which ``path(after:)`` writes them.
    static let names = ["state", "kind", "upload_id", "project_id", "limit", "after"]

    /// - Throws: ``Problem`` with 400 that names every bad or unknown parameter.
    init(_ parameters: [String: String]) throws(Problem) {
        var query = Query(parameters)
        self.filter = JobFilter(
            state: query.choice("state", of: JobState.self), kind: query.choice("kind", of: JobKind.self),
            uploadId: query.objectID("upload_id", "an upload"), projectId: query.objectID("project_id", "a project"))
        self.size = query.number("limit", in: Self.sizes) ?? Self.defaultSize
        self.last = query.objectID("after", "a job")
        query.refuseUnknown(besides: Self.names)
        guard query.errors.isEmpty else {
            throw Problem(400, query.errors.map(\.message).joined(separator: " "), errors: query.errors)
        }
    }

    /// The address of the page that follows a job.
    func path(after last: ObjectID) -> String {
        let values: [String: String?] = [
            "state": self.filter.state?.rawValue, "kind": self.filter.kind?.rawValue,
            "upload_id": self.filter.uploadId?.description, "project_id": self.filter.projectId?.description,
            "limit": "\(self.size)", "after": "\(last)",
        ]
        let pairs = Self.names.compactMap { name in values[name].flatMap { $0 }.map { "\(name)=\($0)" } }
        return "/api/jobs?\(pairs.joined(separator: "&"))"
    }

    /// Reads parameters and collects what is wrong with them.
    private struct Query {
        let parameters: [String: String]
        var errors: [FieldError] = []

        init(_ parameters: [String: String]) { self.parameters = parameters }

        mutating func choice<Value: RawRepresentable & CaseIterable>(_ name: String, of type: Value.Type) -> Value?
        where Value.RawValue == String {
            guard let text = self.parameters[name] else { return nil }
            if let value = Value(rawValue: text) { return value }
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            self.errors.append(FieldError(field: name, message: "\(name) must be one of \(known)."))
            return nil
        }

        mutating func objectID(_ name: String, _ what: String) -> ObjectID? {
            guard let text = self.parameters[name] else { return nil }
            if let id = ObjectID(text) { return id }
            self.errors.append(FieldError(field: name, message: "\(name) must be the id of \(what)."))
            return nil
        }

        mutating func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
            guard let text = self.parameters[name] else { return nil }
            if let number = Int(text), range.contains(number) { return number }
            let message = "\(name) must be a number from \(range.lowerBound) to \(range.upperBound)."
            self.errors.append(FieldError(field: name, message: message))
            return nil
        }

        mutating func refuseUnknown(besides names: [String]) {
            for name in self.parameters.keys.sorted() where !names.contains(name) {
                let message = "\(name) is not known here; known are \(names.joined(separator: ", "))."
                self.errors.append(FieldError(field: name, message: message))
            }
        }
    }
}
