import Annotation
import FoundationEssentials
import Hummingbird
import MongoStore

/// `GET /api/jobs`, and `GET` and `DELETE /api/jobs/{id}`.
struct JobRoutes: Sendable {
    let database: AnnotationDatabase

    func add(to group: RouterGroup<APIRequestContext>) {
        group.get("jobs") { request, _ in
            try await self.list(request.uri.queryParameters["state"].map(String.init))
        }
        group.get("jobs/:id") { _, context in
            try await self.view(of: try await self.job(context))
        }
        group.delete("jobs/:id") { _, context in
            let job = try await self.job(context)
            try await self.database.end(job, as: .cancelled, .cancelled)
            return try await self.view(of: try await self.job(context))
        }
    }

    private func job(_ context: APIRequestContext) async throws -> JobOutline {
        let text = context.parameters.get("id") ?? ""
        guard let id = ObjectID(text), let job = try await self.database.jobs.outline(of: id) else {
            throw Problem.notFound("There is no such job.")
        }
        return job
    }

    /// The newest hundred jobs, of one state or of all.
    private func list(_ text: String?) async throws -> Response {
        let state = text.flatMap(JobState.init)
        guard text == nil || state != nil else {
            let known = JobState.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(400, "state must be one of \(known).")
        }
        return try Response.json(try await JobView.newest(in: state, limit: 100, of: self.database))
    }

    private func view(of job: JobOutline) async throws -> Response {
        try Response.json(try await JobView.of(job, in: self.database))
    }
}
