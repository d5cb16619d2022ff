import Domain
import HTTPTypes

extension APIDescription.RouteGroup {
    /// Uploads that become tasks, annotations or both.
    static let content = Self(
        name: "content", description: "Uploads become task clips, annotations, or both.", routes: [Self.processContent],
        schemas: [
            "ProcessContentFields": Self.fields, "AcceptedJob": Self.acceptedJob, "Task": Self.task,
            "AnnotatedTasks": Self.annotatedTasks,
        ])

    private static let processContent = RouteDescription(
        method: .post, path: "/api/processContent", id: "processContent",
        summary: "Takes an upload for processing",
        details: """
            Answers 202 at once, and then the upload's document shows the progress. Repeats never harm: the same \
            request while its job is queued or running gives that job, after success the tasks (200), after a failure \
            the job goes on where it stopped. What a 400 or 422 refuses is also written to an upload whose status is \
            0 or 4.
            """,
        parameters: [
            .init(
                name: "Prefer", place: .header,
                description: "wait=SECONDS (RFC 7240), at most 600: the answer waits for the end of the job.",
                schema: ["type": "string"], example: "wait=30")
        ],
        body: .init(fields: Schema.reference("ProcessContentFields"), example: Self.fieldsExample),
        answers: [
            .json(
                200, "The job is done: the tasks, or with request_type 2 how much was annotated.",
                ["oneOf": [Schema.list(of: Schema.reference("Task"), ""), Schema.reference("AnnotatedTasks")]],
                example: [["_id": .text(Example.job), "taskName": "task-0-cam", "status": 0, "frameCount": 120]]),
            .json(
                202, "The job is in the queue or running.", Schema.reference("AcceptedJob"),
                example: Self.acceptedExample, links: RouteDescription.jobLinks(to: "$response.body#/job_id")),
            .problem(400, "frame_rate must be a whole number, 1 to 240."),
            .problem(404, "There is no upload \(Example.upload)."),
            .problem(409, "The upload is being processed with other parameters."),
            .problem(422, "There is no file at ./contents/uploads/\(Example.project)/cam.mp4."),
            .problem(429, "The queue is full; try again later.", retries: true),
            .problem(499, "The job was cancelled."),
            .problem(502, "The inference server gave an answer that is none."),
            .problem(507, "The work folder is full."),
        ])

    private static let fieldsExample: JSONValue = [
        "upload_id": .text(Example.upload), "project_id": .text(Example.project), "frame_rate": 5,
        "content_path": "./contents/uploads/\(Example.project)/cam.mp4", "force_write": 0, "auto_anno_version": 0,
        "request_type": 0, "content_type": 1,
    ]

    private static let fields = Schema.object(
        required: [
            "upload_id", "project_id", "frame_rate", "content_path", "force_write", "auto_anno_version", "request_type",
        ],
        [
            "upload_id": Schema.objectID("The upload, which the backend created."),
            "project_id": Schema.objectID("The upload's project.", example: Example.project),
            "frame_rate": Schema.wholeField(
                ProcessParameters.frameRates, "Frames per second to keep; images ignore it.", example: 5),
            "content_path": Schema.textField(
                "The file, or the folder of images, inside the content folder; relative to [Folders] root.",
                example: "./contents/uploads/\(Example.project)/cam.mp4"),
            "force_write": Schema.wholeField(
                0...1, "1 makes anew what this upload produced before, unless people worked on it.", example: 0),
            "auto_anno_version": Schema.wholeField(
                0...Int.max, "A registered auto-annotation version, or 0 for none.", example: 0),
            "request_type": Schema.wholeField(
                0...2, "0 tasks (with version 0), 1 tasks with annotations, 2 annotations of tasks that exist.",
                example: 0),
            "content_type": Schema.optional(
                Schema.wholeField(1...2, "1 a video (the default), 2 images: a folder or a .zip.", example: 1)),
            "auth_key": Schema.keyField,
        ])

    private static let acceptedJob = Schema.object(
        required: ["job_id", "upload_id", "state", "links"],
        [
            "job_id": Schema.objectID("The job.", example: Example.job),
            "upload_id": Schema.objectID("Its upload."),
            "state": Schema.choice(JobState.allCases.map(\.rawValue), "Where the job stands."),
            "links": Schema.reference("JobLinks"),
            "skipped_files": Schema.list(
                of: Schema.reference("SkippedFile"),
                "Files of an upload of images that are in no task, the first fifty."),
            "skipped_file_count": Schema.whole("How many such files there are in all."),
        ])

    private static let acceptedExample: JSONValue = [
        "job_id": .text(Example.job), "upload_id": .text(Example.upload), "state": "queued", "links": Example.links,
    ]

    private static let annotatedTasks = Schema.object(
        required: ["state", "tasks", "frames"],
        [
            "state": Schema.choice(JobState.allCases.map(\.rawValue), "Where the job stands."),
            "tasks": Schema.whole("Tasks that carry the version now."),
            "frames": Schema.whole("Their frames, without those that people had worked on."),
        ])

    /// A document of `AnnotationTask`, as the backend reads it (its spelling is not ours to change).
    private static let task = Schema.object(
        required: ["_id"],
        [
            "_id": Schema.objectID("The task.", example: Example.job),
            "projectId": Schema.objectID("Its project.", example: Example.project),
            "uploadId": Schema.objectID("Its upload."),
            "taskName": Schema.text("task-<n>-<name of the video>, n from 0.", example: "task-0-cam"),
            "frameStart": Schema.whole("Source frame of the clip's first frame, from 1."),
            "frameEnd": Schema.whole("Source frame of the clip's last frame."),
            "frameStartTime": Schema.number("Time of the first frame in the source, in seconds."),
            "frameCount": Schema.whole("Frames of the clip."),
            "original_frames": Schema.list(of: ["type": "integer"], "Source frame of each frame."),
            "frameTimes": Schema.list(of: ["type": "number"], "Time of each frame in the source, in seconds."),
            "videoPath": Schema.text("Key of the clip in the object store."),
            "videoDuration": Schema.text("H:MM:SS.", example: "0:00:24"),
            "frameRate": Schema.number("Frames per second of the clip."),
            "videoResolutionWidth": Schema.number("Pixels of the picture as shown."),
            "videoResolutionHeight": Schema.number("Pixels of the picture as shown."),
            "damagedFrames": Schema.whole(
                "Frames that did not decode and show the last good picture, or of images black or a part."),
            "skippedFiles": Schema.list(
                of: Schema.reference("SkippedFile"),
                "Files of an upload of images that are in no task, the first fifty."),
            "skippedFileCount": Schema.whole("How many such files there are in all."),
            "AutoAnnotationVersion": ["description": "The version whose boxes the frames carry, or 0."],
            "createdAt": Schema.date("When the task became visible."),
        ])
}
