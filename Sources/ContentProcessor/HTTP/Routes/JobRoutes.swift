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

    private func job(_ context: APIRequestContext) async throws -> ProcessingJob {
        let text = context.parameters.get("id") ?? ""
        guard let id = ObjectID(text), let job = try await self.database.jobs.find(id) else {
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
        var views: [JobView] = []
        for job in try await self.database.jobs.newest(in: state, limit: 100) {
            views.append(try await self.jobView(of: job))
        }
        return try Response.json(views)
    }

    private func view(of job: ProcessingJob) async throws -> Response {
        try Response.json(try await self.jobView(of: job))
    }

    private func jobView(of job: ProcessingJob) async throws -> JobView {
        let units = self.database.units
        return JobView(job, progress: try await units.progress(of: job), lastError: try await units.lastError(of: job))
    }
}

/// A job as clients see it.
private struct JobView: Encodable {
    let id: ObjectID
    let uploadId: ObjectID
    let projectId: ObjectID
    let kind: ProcessingJob.Kind
    let state: JobState
    /// 0…100; 100 only when all is done.
    let progress: Int
    let clipsDone: Int
    let clipCount: Int?
    let framesDone: Int
    let frameCount: Int?
    /// How the job ended, unless it succeeded.
    let error: JobError?
    /// Why a job that goes on is late: what an attempt at one of its units ended with.
    let lastError: JobError?
    let dates: ProcessingJob.Dates
    let links: JobLinks

    private enum CodingKeys: String, CodingKey {
        case id = "job_id"
        case uploadId = "upload_id"
        case projectId = "project_id"
        case kind, state, progress
        case clipsDone = "clips_done"
        case clipCount = "clip_count"
        case framesDone = "frames_done"
        case frameCount = "frame_count"
        case error
        case lastError = "last_error"
        case dates, links
    }

    init(_ job: ProcessingJob, progress: JobProgress, lastError: JobError?) {
        self.id = job.id
        self.uploadId = job.uploadId
        self.projectId = job.projectId
        self.kind = job.kind
        self.state = job.state
        self.progress = job.state == .succeeded ? 100 : progress.percent
        self.clipsDone = progress.clipsDone
        self.clipCount = job.plan?.clipCount
        self.framesDone = progress.framesDone
        self.frameCount = job.plan?.frameCount
        self.error = job.error
        self.lastError = lastError
        self.dates = job.dates
        self.links = JobLinks(job.id)
    }
}
