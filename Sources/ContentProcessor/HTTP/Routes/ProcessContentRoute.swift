import Domain
import ContentPipeline
import Hummingbird
import Logging
import MongoStore

/// `POST /api/processContent` (contract, section 1).
struct ProcessContentRoute: Sendable {
    let intake: RequestIntake
    let database: AnnotationDatabase
    let watch: JobWatch
    let tokens: EventTokens

    func add(to group: RouterGroup<APIRequestContext>) {
        group.post("processContent") { request, context in
            switch try await self.intake.accept(fields: context.fields) {
            case .tasks(let job):
                return try await self.tasks(
                    ofUpload: job?.uploadId ?? context.fields["upload_id"].flatMap(ObjectID.init))
            case .annotations(let job):
                return try await self.annotations(by: job)
            case .job(let job):
                context.logger.info(
                    "job accepted", metadata: ["job": "\(job.id)", "upload": "\(job.uploadId)"])
                let patience = PreferredWait(request.headers[values: .prefer])
                return try await self.answer(to: job, waiting: patience.duration)
            }
        }
    }

    /// 202 at once, or the job's outcome when it ends within `patience`.
    private func answer(to job: ProcessingJob, waiting patience: Duration) async throws -> Response {
        if let ended = await self.watch.ended(job.id, within: patience) {
            if let error = ended.job.error { throw Problem(error) }
            if job.parameters.requestType == .annotations { return try self.annotations(ended.job, ended.progress) }
            return try await self.tasks(ofUpload: job.uploadId)
        }
        let accepted = AcceptedAnswer(
            jobId: job.id, uploadId: job.uploadId, state: job.state, links: self.tokens.links(to: job.id),
            skippedFiles: job.skippedFiles?.files, skippedFileCount: job.skippedFiles?.count)
        return try Response.json(accepted, status: .accepted)
    }

    /// What a job has annotated.
    private func annotations(by job: ProcessingJob?) async throws -> Response {
        guard let job, let snapshot = try await self.database.snapshot(of: job.id) else {
            throw Problem.notFound("There is no such job.")
        }
        return try self.annotations(snapshot.job, snapshot.progress)
    }

    private func annotations(_ job: some QueuedJob, _ progress: JobProgress) throws -> Response {
        try Response.json(
            AnnotatedAnswer(state: job.state, tasks: progress.partsDone, frames: progress.framesDone))
    }

    private struct AnnotatedAnswer: Encodable {
        let state: JobState
        let tasks: Int
        /// Those that people had not worked on.
        let frames: Int
    }

    private func tasks(ofUpload id: ObjectID?) async throws -> Response {
        guard let id else { return try Response.json([JSONDocument]()) }
        return try Response.json(try await self.database.tasks.documents(ofUpload: id).map { JSONDocument($0) })
    }

    private struct AcceptedAnswer: Encodable {
        let jobId: ObjectID
        let uploadId: ObjectID
        let state: JobState
        let links: JobLinks
        /// Of a folder of images; an archive is listed by a worker, and its job says them.
        let skippedFiles: [SkippedFiles.File]?
        let skippedFileCount: Int?

        private enum CodingKeys: String, CodingKey {
            case jobId = "job_id"
            case uploadId = "upload_id"
            case state, links
            case skippedFiles = "skipped_files"
            case skippedFileCount = "skipped_file_count"
        }
    }
}

/// `Prefer: wait=SECONDS` (RFC 7240, section 4.3), at most 600 seconds.
struct PreferredWait: Hashable {
    let duration: Duration

    init(_ values: [String]) {
        let seconds = values.flatMap { $0.split(separator: ",") }.lazy.compactMap { preference -> Int? in
            // Parameters follow; a preference of nothing but them has an empty name.
            let name = preference.split(separator: ";", omittingEmptySubsequences: false)[0]
            let parts = name.split(separator: "=")
            guard parts.count == 2, parts[0].trimmed.lowercased() == "wait" else { return nil }
            return Int(parts[1].trimmed)
        }.first
        self.duration = .seconds(min(max(seconds ?? 0, 0), 600))
    }
}

extension Substring {
    /// Without spaces at both ends.
    fileprivate var trimmed: String {
        let start = self.drop { $0 == " " || $0 == "\t" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
