package import Domain
package import MongoDriver

/// `AnnotationContentUpload`: created by the backend, driven by this service.
///
/// Only fields of the contract are set, and `processing`, which names the job that may write them. Whoever comes late,
/// for another job or an earlier start of the same one, finds that its filter no longer matches.
package struct UploadCollection: Sendable {
    let collection: MongoCollection

    init(_ database: MongoDatabase) {
        self.collection = database.collection(CollectionName.uploads)
    }

    package func find(_ id: ObjectID) async throws(StoreError) -> Upload? {
        guard let document = try await self.collection.findOne(["_id": .objectID(id)]) else { return nil }
        return Upload(
            id: id,
            projectId: document["projectId"]?.objectIDValue
                ?? document["projectId"]?.stringValue.flatMap(ObjectID.init),
            status: document["status"]?.intValue.flatMap(UploadStatus.init),
            framesPerTask: document["frames_per_task"]?.intValue,
            frameRate: document["frame_rate"]?.intValue,
            requestType: document["request_type"]?.intValue)
    }

    /// Writes an accepted request, so that a poll never reads an old result. Harmless once the job has begun.
    func accept(_ job: ProcessingJob) async throws(StoreError) {
        let parameters = job.parameters
        let isOlder: BSONDocument = [
            "_id": .objectID(job.uploadId),
            "$nor": [["processing.jobId": .objectID(job.id), "processing.fence": ["$gte": .int(job.fence)]]],
        ]
        var fields: BSONDocument = [
            "request_type": .int(parameters.requestType.rawValue),
            "request_annotation_version": .int(parameters.autoAnnotationVersion),
            "force_write": .int(parameters.forceWrite ? 1 : 0),
            "content_type": .int(parameters.contentType.rawValue),
            "status": .int(UploadStatus.inProgress.rawValue), "progress": 0, "errorMessage": [:],
            "processing": ["jobId": .objectID(job.id), "fence": .int(job.fence)],
        ]
        if parameters.requestType != .annotations { fields = fields.merging(Self.fieldsOfTasks(job)) }
        try await self.collection.updateOne(isOlder, ["$set": .document(fields), "$unset": ["finishedAt": ""]])
    }

    /// What the upload says of its tasks; jobs that only annotate them leave it as it is.
    private static func fieldsOfTasks(_ job: ProcessingJob) -> BSONDocument {
        [
            "frame_rate": .int(job.parameters.frameRate), "frames_per_task": .int(job.framesPerTask),
            "sourceFilePath": .string(job.parameters.contentPath), "taskCount": 0,
        ]
    }

    /// Shows a refused request on an upload that waits for one; completed and failed ones are left alone.
    package func refuse(_ id: ObjectID, _ error: JobError) async throws(StoreError) {
        let waiting: BSONValue = [.int(UploadStatus.inProgress.rawValue), .int(UploadStatus.downloading.rawValue)]
        try await self.collection.updateOne(
            ["_id": .objectID(id), "status": ["$in": waiting]],
            [
                "$set": [
                    "status": .int(UploadStatus.failed.rawValue), "errorMessage": Self.message(error),
                ],
                "$currentDate": ["finishedAt": true],
            ])
    }

    /// Notes that processing starts: the backend's timeout counts from here. `false` when the upload is gone.
    package func startProcessing(_ job: ProcessingJob) async throws(StoreError) -> Bool {
        try await self.collection.updateOne(Self.filter(job), ["$currentDate": ["createdAt": true]]).matchedCount == 1
    }

    /// Progress only rises, whatever order reports arrive in.
    func report(
        _ progress: JobProgress, of job: some QueuedJob, finishedClip: Bool
    ) async throws(StoreError) -> Bool {
        var update: BSONDocument = [
            "$max": ["progress": .int(progress.percent), "taskCount": .int(progress.partsDone)]
        ]
        if finishedClip { update["$currentDate"] = ["createdAt": true] }
        return try await self.collection.updateOne(Self.filter(job), .operators(update)).matchedCount == 1
    }

    /// Shows how the job ended; once for each job and fence.
    func end(_ job: JobHeader, clipsDone: Int) async throws(StoreError) {
        var fields: BSONDocument = [:]
        if let error = job.error {
            fields["status"] = .int(UploadStatus.failed.rawValue)
            fields["errorMessage"] = Self.message(error)
        } else {
            fields["status"] = .int(UploadStatus.completed.rawValue)
            fields["errorMessage"] = [:]
            fields["progress"] = 100
        }
        let stillOpen = Self.filter(job).merging(["finishedAt": ["$exists": false]])
        try await self.collection.updateOne(
            stillOpen,
            [
                "$set": .document(fields), "$max": ["taskCount": .int(clipsDone)],
                "$currentDate": ["finishedAt": true],
            ])
    }

    private static func filter(_ job: some QueuedJob) -> BSONDocument {
        [
            "_id": .objectID(job.subjectId), "processing.jobId": .objectID(job.id),
            "processing.fence": .int(job.fence),
        ]
    }

    private static func message(_ error: JobError) -> BSONValue {
        ["error_code": .int(error.code), "message": .string(error.message)]
    }
}
