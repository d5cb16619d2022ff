import Annotation
import FoundationEssentials
import Hummingbird
import MongoStore

/// `GET /api/jobs`, and `GET` and `DELETE /api/jobs/{id}`.
struct JobRoutes: Sendable {
    let database: AnnotationDatabase
    let tokens: EventTokens

    func add(to group: RouterGroup<APIRequestContext>) {
        group.get("jobs") { request, _ in try await self.list(try request.parameters()["state"]) }
        group.get("jobs/:id") { _, context in try self.answer(try await self.database.job(context)) }
        group.delete("jobs/:id") { _, context in
            try await self.database.end(try await self.database.job(context).job, as: .cancelled, .cancelled)
            return try self.answer(try await self.database.job(context))
        }
    }

    /// The newest hundred jobs, of one state or of all.
    private func list(_ text: String?) async throws -> Response {
        let state = text.flatMap(JobState.init)
        guard text == nil || state != nil else {
            let known = JobState.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(400, "state must be one of \(known).")
        }
        return try Response.json(try await self.database.newestJobs(in: state, limit: 100).map(self.view))
    }

    private func answer(_ job: JobSnapshot) throws -> Response { try Response.json(self.view(job)) }

    private func view(_ job: JobSnapshot) -> JobView { JobView(job, links: self.tokens.links(to: job.job.id)) }
}
