import Domain
import HTTPTypes

extension APIDescription.RouteGroup {
    /// Jobs of every kind.
    static let jobs = Self(
        name: "jobs", description: "What the service is at, and how far.",
        routes: [Self.listJobs, Self.getJob, Self.cancelJob, Self.watchJob],
        schemas: [
            "Job": Self.job, "JobError": Self.jobError, "JobDates": Self.jobDates, "JobLinks": Self.jobLinks,
            "JobEvent": Self.jobEvent, "SkippedFile": Self.skippedFile,
        ])

    private static let id = RouteDescription.Parameter(
        name: "id", place: .path, description: "The job's id.", schema: Schema.objectID("24 hexadecimal digits."),
        example: .text(Example.job))

    private static let unknownJob = RouteDescription.Answer.problem(404, "There is no such job.")

    private static let listJobs = RouteDescription(
        method: .get, path: "/api/jobs", id: "listJobs", summary: "The newest jobs, page by page",
        details: """
            A Link header with rel="next" has the address of the next page while there is one. Parameters that are \
            not listed here are refused.
            """,
        parameters: [
            .init(
                name: "state", place: .query, description: "Only jobs in this state.",
                schema: Schema.choice(JobState.allCases.map(\.rawValue), "Where a job stands.")),
            .init(
                name: "kind", place: .query, description: "Only jobs of this kind.",
                schema: Schema.choice(JobKind.allCases.map(\.rawValue), "What a job does.")),
            .init(
                name: "upload_id", place: .query, description: "Only jobs of this upload.",
                schema: Schema.objectID("24 hexadecimal digits.")),
            .init(
                name: "project_id", place: .query, description: "Only jobs of this project's uploads.",
                schema: Schema.objectID("24 hexadecimal digits.")),
            .init(
                name: "limit", place: .query, description: "Jobs on a page; \(JobPage.defaultSize) when absent.",
                schema: [
                    "type": "integer", "minimum": .whole(JobPage.sizes.lowerBound),
                    "maximum": .whole(JobPage.sizes.upperBound),
                ]),
            .init(
                name: "after", place: .query, description: "The last job of the page before.",
                schema: Schema.objectID("24 hexadecimal digits.")),
        ],
        answers: [
            .json(
                200, "The newest first.", Schema.list(of: Schema.reference("Job"), ""), example: [Example.runningJob]),
            .problem(400, "limit must be a number from 1 to 500."),
        ])

    private static let getJob = RouteDescription(
        method: .get, path: "/api/jobs/{id}", id: "getJob", summary: "One job", parameters: [Self.id],
        answers: [.json(200, "The job.", Schema.reference("Job"), example: Example.runningJob), Self.unknownJob])

    private static let cancelJob = RouteDescription(
        method: .delete, path: "/api/jobs/{id}", id: "cancelJob", summary: "Cancels a job",
        details: """
            Workers stop within two seconds, and the upload gets status 2 with code 499. A job that has ended stays \
            as it is.
            """,
        parameters: [Self.id],
        answers: [
            .json(200, "The job as it is now.", Schema.reference("Job"), example: Example.runningJob), Self.unknownJob,
        ])

    private static let watchJob = RouteDescription(
        method: .get, path: "/api/jobs/{id}/events", id: "watchJob", summary: "One job, live",
        details: """
            Server-sent events for a browser's EventSource, which takes the address from links.events of a job. Each \
            message holds the job as GET /api/jobs/{id} shows it; a message comes at once, and then when something \
            changed. After the message of the job's end comes an event named end, and the stream is closed. An \
            EventSource that does not close itself then asks again and is told 204, which stops it. Comments come \
            every five seconds while nothing changes.
            """,
        access: .keyOrToken,
        parameters: [
            Self.id,
            .init(
                name: "Last-Event-ID", place: .header,
                description: "The last id that the client has seen: what is not newer is not sent again.",
                schema: ["type": "string"], example: "0.2.60.2.0"),
        ],
        answers: [
            .init(
                status: 200, description: "The events, each of this form.",
                content: [
                    ServerSentEvent.contentType: [
                        "schema": Schema.reference("JobEvent"),
                        "example": ["id": "0.2.60.2.0", "event": "message", "data": Example.runningJobText],
                    ]
                ]),
            .init(status: 204, description: "The job has ended, and the client knows it."),
            .problem(401, EventTokens.rejection.message),
            Self.unknownJob,
            .problem(503, "200 event streams are open, which is the limit; ask for the job itself.", retries: true),
        ])
}

extension RouteDescription {
    /// What can be done with a job whose id stands at `expression` of an answer.
    static func jobLinks(to expression: JSONValue) -> [String: JSONValue] {
        [
            "job": ["operationId": "getJob", "parameters": ["id": expression]],
            "cancel": ["operationId": "cancelJob", "parameters": ["id": expression]],
        ]
    }
}

// MARK: Schemas

extension APIDescription.RouteGroup {
    private static let job = Schema.object(
        required: ["job_id", "kind", "state", "progress", "clips_done", "frames_done", "dates", "links"],
        [
            "job_id": Schema.objectID("The job.", example: Example.job),
            "upload_id": Schema.objectID("The upload that it works for."),
            "project_id": Schema.objectID("The upload's project.", example: Example.project),
            "data_version_id": Schema.objectID("The dataset version that it builds.", example: Example.datasetVersion),
            "kind": Schema.choice(JobKind.allCases.map(\.rawValue), "What the job does."),
            "state": Schema.choice(JobState.allCases.map(\.rawValue), "Where the job stands."),
            "progress": ["type": "integer", "minimum": 0, "maximum": 100, "description": "100 only when all is done."],
            "clips_done": Schema.whole("Clips, or tasks of a dataset, that are done."),
            "clip_count": Schema.whole("Of how many; absent until the job is planned."),
            "frames_done": Schema.whole("Frames that are done, those of running clips included."),
            "frame_count": Schema.whole("Of how many; absent until the job is planned."),
            "skipped_files": Schema.list(
                of: Schema.reference("SkippedFile"),
                "Files of an upload of images that are in no task, the first fifty."),
            "skipped_file_count": Schema.whole("How many such files there are in all."),
            "eta_seconds": Schema.whole("Seconds to the end at the pace so far; absent before and after the work."),
            "error": Schema.reference("JobError"),
            "last_error": Schema.reference("JobError"),
            "failing_since": Schema.date("Since when attempts at one clip have failed."),
            "dates": Schema.reference("JobDates"),
            "links": Schema.reference("JobLinks"),
        ])

    private static let skippedFile = Schema.object(
        required: ["name", "reason"],
        [
            "name": Schema.text("Path below the folder or in the archive.", example: "notes.txt"),
            "reason": Schema.text("One plain sentence.", example: "The file is no JPEG, PNG or WebP."),
        ])

    private static let jobEvent = Schema.object(
        required: ["data"],
        [
            "id": Schema.text("What the client says in Last-Event-ID when it comes back.", example: "0.2.60.2.0"),
            "event": Schema.choice(["message", "end"], "end is the last one; a message has no name."),
            "data": [
                "type": "string", "contentMediaType": "application/json",
                "contentSchema": ["oneOf": [Schema.reference("Job"), Self.jobEnd]],
                "description": "message: the job; end: its state alone.",
            ],
        ])

    private static let jobEnd = Schema.object(
        required: ["state"], ["state": Schema.choice(JobState.allCases.map(\.rawValue), "How the job ended.")]
    ).merging(["maxProperties": 1])

    private static let jobError = Schema.object(
        required: ["error_code", "message"],
        [
            "error_code": Schema.whole("The HTTP status that fits.", example: 422),
            "message": Schema.text("One plain sentence.", example: "The file holds no video."),
        ]
    ).merging(["description": "error: how the job ended. last_error: why a job that goes on is late."])

    private static let jobDates = Schema.object(
        required: ["created"],
        [
            "created": Schema.date("When it was asked for."),
            "processing": Schema.date("When a worker began."),
            "processed": Schema.date("When the last clip was done."),
            "finished": Schema.date("When it succeeded."),
            "interrupted": Schema.date("When it ended otherwise."),
        ])

    private static let jobLinks = Schema.object(
        required: ["self"],
        [
            "self": Schema.text("The job; DELETE cancels it.", example: "/api/jobs/\(Example.job)"),
            "events": Schema.text(
                "The job's events, with a token instead of a key; good for one hour.",
                example: .text(Example.eventsPath)),
        ])
}

extension Example {
    fileprivate static let eventsPath =
        "/api/jobs/\(Self.job)/events?token=1795253400.5f0c6d2b1e8a4f7793d2c1b0a9f8e7d65f0c6d2b1e8a4f7793d2c1b0a9f8e7d6"

    static let links: JSONValue = ["self": "/api/jobs/\(Self.job)", "events": .text(Self.eventsPath)]

    fileprivate static let runningJobText: JSONValue =
        #"{"job_id":"\#(Self.job)","state":"running","progress":10,"frames_done":60,"frame_count":600}"#

    static let runningJob: JSONValue = [
        "job_id": .text(Self.job), "upload_id": .text(Self.upload), "project_id": .text(Self.project),
        "kind": "processContent", "state": "running", "progress": 10, "clips_done": 2, "clip_count": 20,
        "frames_done": 60, "frame_count": 600, "eta_seconds": 45,
        "dates": ["created": "2026-11-21T09:30:00.125Z", "processing": "2026-11-21T09:30:01.000Z"],
        "links": Self.links,
    ]
}
