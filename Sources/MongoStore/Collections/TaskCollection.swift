package import Domain
package import MongoDriver

/// `AnnotationTask`, written once by this service and owned by the backend from then on.
package struct TaskCollection: Sendable {
    private let database: MongoDatabase
    let tasks: MongoCollection
    let frames: MongoCollection

    init(_ database: MongoDatabase) {
        self.database = database
        self.tasks = database.collection(CollectionName.tasks)
        self.frames = database.collection(CollectionName.frames)
    }

    /// A task of an older run or of the replaced system.
    package struct FormerTask: Sendable {
        package let id: ObjectID
        package let name: String
        /// The clip's object key where the document has one.
        package let objectKey: String?
    }

    /// Whole documents of the upload's tasks, in clip order.
    package func documents(ofUpload id: ObjectID) async throws(StoreError) -> [BSONDocument] {
        try await self.tasks.find(Query(["uploadId": .objectID(id)], sort: ["frameStart": 1, "_id": 1]))
    }

    package func exist(ofUpload id: ObjectID) async throws(StoreError) -> Bool {
        try await self.tasks.findOne(Query(["uploadId": .objectID(id)], projection: ["_id": 1])) != nil
    }

    /// The tasks of the job's upload that another run or system made.
    package func older(than job: ProcessingJob) async throws(StoreError) -> [FormerTask] {
        let documents = try await self.tasks.find(
            Query(
                ["uploadId": .objectID(job.uploadId), "runId": ["$ne": .objectID(job.id)]],
                projection: ["taskName": 1, "S3_url": 1, "videoPath": 1], sort: ["_id": 1]))
        return documents.compactMap { document in
            guard let id = document["_id"]?.objectIDValue else { return nil }
            return FormerTask(
                id: id, name: document["taskName"]?.stringValue ?? "\(id)",
                objectKey: document["S3_url"]?.stringValue ?? document["videoPath"]?.stringValue)
        }
    }

    /// One sentence about what people or dataset versions did with the upload's tasks; `nil` when nothing.
    package func humanWork(onUpload id: ObjectID) async throws(StoreError) -> String? {
        let documents = try await self.tasks.find(
            Query(["uploadId": .objectID(id)], projection: ["taskName": 1, "datasetVersions": 1]))
        let ids = documents.compactMap { $0["_id"] }
        guard !ids.isEmpty else { return nil }
        if let used = documents.first(where: { !($0["datasetVersions"]?.arrayValue ?? []).isEmpty }) {
            return "A dataset version uses \(used["taskName"]?.stringValue ?? "a task")."
        }
        let versions = self.database.collection(CollectionName.datasetVersions)
        if try await versions.findOne(Query(["taskList": ["$in": .array(ids)]], projection: ["_id": 1])) != nil {
            return "A dataset version uses tasks of this upload."
        }
        let touched = HumanWork.inFrame.merging(["taskId": ["$in": .array(ids)]])
        if let frame = try await self.frames.findOne(Query(touched, projection: ["taskId": 1, "frameId": 1])) {
            let task = documents.first { $0["_id"] == frame["taskId"] }
            return "People worked on frames of \(task?["taskName"]?.stringValue ?? "its tasks")."
        }
        return nil
    }

    /// Whether a task of another upload shows the object at `key`.
    package func isKeyUsed(_ key: String, byOthersThan upload: ObjectID) async throws(StoreError) -> Bool {
        let filter: BSONDocument = ["videoPath": .string(key), "uploadId": ["$ne": .objectID(upload)]]
        return try await self.tasks.findOne(Query(filter, projection: ["_id": 1])) != nil
    }
}
