package import Domain
internal import FoundationEssentials
package import MongoDriver

/// `AnnotationDatasetVersion`: created by the backend, built by this service.
///
/// Besides the contract's fields only `build` is written, which names the job that changed something last and remembers
/// what was made. A job without anything to do writes nothing. The backend takes `taskStatus` away to have a version
/// built anew.
package struct DatasetVersionCollection: Sendable {
    private let collection: MongoCollection
    private let masterData: MongoCollection

    init(_ database: MongoDatabase) {
        self.collection = database.collection(CollectionName.datasetVersions)
        self.masterData = database.collection(CollectionName.masterData)
    }

    package func find(_ id: ObjectID) async throws(StoreError) -> DatasetVersion? {
        try await self.collection.findOne(["_id": .objectID(id)]).map { DatasetVersion($0, id: id) }
    }

    /// How far a version is, by its own document.
    package func status(of id: ObjectID) async throws(StoreError) -> DatasetStatus? {
        try await self.collection.findOne(
            Query(["_id": .objectID(id)], projection: ["taskStatus": 1, "build": 1])
        ).map { DatasetStatus($0) }
    }

    /// Versions whose build somebody asked for and that are not complete.
    package func pending() async throws(StoreError) -> [ObjectID] {
        let filter: BSONDocument = ["taskStatus.state": .string(DatasetStatus.pending)]
        return try await self.collection.find(Query(filter, projection: ["_id": 1], sort: ["_id": 1]))
            .compactMap { $0["_id"]?.objectIDValue }
    }
}

// MARK: While a build runs

extension DatasetVersionCollection {
    /// Shows that the tasks are still to do; `false` when the version is gone.
    package func begin(
        _ job: DatasetJob, tasks: [ObjectID], formats: [DatasetFormat]
    ) async throws(StoreError) -> Bool {
        let entries = tasks.map { BSONValue.document(Self.entry(of: $0, state: DatasetStatus.pending, error: nil)) }
        var fields: BSONDocument = [
            "taskStatus": ["state": .string(DatasetStatus.pending), "tasks": .array(entries)],
            "build.jobId": .objectID(job.id),
        ]
        for format in formats { fields["exportFormats.\(format.title).progress"] = 0 }
        let outcome = try await self.collection.updateOne(
            ["_id": .objectID(job.versionId)], ["$set": .document(fields), "$unset": ["build.error": ""]])
        return outcome.matchedCount == 1
    }

    /// Describes the formats on the version where they are new.
    package func introduce(_ formats: [DatasetFormat], of job: DatasetJob) async throws(StoreError) {
        // A path cannot go through a null.
        let version: BSONDocument = ["_id": .objectID(job.versionId)]
        try await self.collection.updateOne(
            version.merging(["exportFormats": nil]), ["$set": ["exportFormats": [:]]])
        for format in formats {
            let path = "exportFormats.\(format.title)"
            let descriptions = try await self.descriptions(of: format).elements.map {
                ("\(path).\($0.key)", $0.value)
            }
            try await self.collection.updateOne(
                version.merging(["\(path).createdAt": ["$exists": false]]),
                [
                    "$set": .document(BSONDocument(uniqueKeysWithValues: descriptions + [("\(path).progress", 0)])),
                    "$currentDate": Self.dates([format], "createdAt"),
                ])
        }
    }

    /// `fileType`, `name` and `category`, as the backend's master data have them where they do.
    private func descriptions(of format: DatasetFormat) async throws(StoreError) -> BSONDocument {
        let master = try await self.masterData.findOne(Query([:], projection: ["exportFormats": 1]))
        let entry = master?["exportFormats"]?.documentValue?[format.title]?.documentValue ?? [:]
        return [
            "name": entry["name"] ?? .string(format.title), "fileType": entry["fileType"] ?? .string(format.fileType),
            "category": entry["category"] ?? "Object Detection",
        ]
    }

    /// Shows that a task has work, also one that was complete.
    package func reopen(_ task: ObjectID, of job: DatasetJob) async throws(StoreError) {
        try await self.collection.updateOne(
            ["_id": .objectID(job.versionId), "taskStatus.tasks.task": .string("\(task)")],
            [
                "$set": [
                    "taskStatus.state": .string(DatasetStatus.pending),
                    "taskStatus.tasks.$.state": .string(DatasetStatus.pending), "build.jobId": .objectID(job.id),
                ]
            ])
    }

    /// Shows what became of a task, where the job has changed anything.
    package func record(_ outcome: TaskOutcome, of job: DatasetJob) async throws(StoreError) {
        var entry = Self.entry(
            of: outcome.taskId, state: outcome.error == nil ? DatasetStatus.complete : DatasetStatus.pending,
            error: outcome.error)
        entry["imageCount"] = .int(outcome.imageCount)
        entry["imageDataSize"] = .int(Int(outcome.imageByteCount))
        var augmented: BSONDocument = [:]
        for (type, count) in outcome.augmented.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            augmented[type.rawValue] = ["count": .int(count.count), "size": .int(Int(count.byteCount))]
        }
        entry["augmentationFileCounts"] = .document(augmented)
        try await self.collection.updateOne(
            Self.filter(job, task: outcome.taskId), ["$set": ["taskStatus.tasks.$": .document(entry)]])
    }

    /// 0 … 99, and only rising, on a version that is being built; `false` when the version is gone.
    package func report(_ progress: JobProgress, of job: some QueuedJob) async throws(StoreError) -> Bool {
        let path = "exportFormats.\(DatasetFormat.yolo.title).progress"
        let outcome = try await self.collection.updateOne(
            Self.filter(job).merging(["taskStatus.state": .string(DatasetStatus.pending)]),
            ["$max": .document(BSONDocument(uniqueKeysWithValues: [(path, .int(progress.percent))]))])
        guard outcome.matchedCount == 0 else { return true }
        return try await self.collection.findOne(
            Query(["_id": .objectID(job.subjectId)], projection: ["_id": 1])) != nil
    }

    /// Shows the end of a build whose tasks are all complete; `false` when the backend asked for another one meanwhile.
    ///
    /// A build that found everything as it was writes nothing.
    package func complete(_ job: DatasetJob, _ summary: DatasetSummary) async throws(StoreError) -> Bool {
        let version: BSONDocument = ["_id": .objectID(job.versionId)]
        let changes: BSONDocument = [
            "$or": [
                ["taskStatus.state": .string(DatasetStatus.pending)],
                [
                    "taskStatus.state": .string(DatasetStatus.complete),
                    "build.manifest": ["$ne": .string(summary.manifestSHA256)],
                ],
            ]
        ]
        let fields = try summary.fields.merging(["build.jobId": .objectID(job.id)])
        let outcome = try await self.collection.updateOne(
            version.merging(changes),
            [
                "$set": .document(fields),
                "$currentDate": Self.dates(summary.formats.map(\.format), "lastUpdatedAt"),
            ])
        guard outcome.matchedCount == 0 else { return true }
        let isComplete: BSONDocument = ["taskStatus.state": .string(DatasetStatus.complete)]
        return try await self.collection.findOne(Query(version.merging(isComplete), projection: ["_id": 1])) != nil
    }

    private static func dates(_ formats: [DatasetFormat], _ name: String) -> BSONValue {
        .document(
            BSONDocument(uniqueKeysWithValues: formats.map { ("exportFormats.\($0.title).\(name)", true) }))
    }

    /// Notes why a build ended without success; its tasks' own reasons stand with them.
    func end(_ job: JobHeader) async throws(StoreError) {
        guard let error = job.error else { return }
        try await self.collection.updateOne(
            ["_id": .objectID(job.subjectId)], ["$set": ["build.error": .document(try BSONDocument(encoding: error))]])
    }

    private static func entry(of task: ObjectID, state: String, error: String?) -> BSONDocument {
        [
            "task": .string("\(task)"), "state": .string(state), "error": .string(error ?? "none"), "imageCount": 0,
            "imageDataSize": 0, "augmentationFileCounts": [:],
        ]
    }

    private static func filter(_ job: some QueuedJob) -> BSONDocument {
        ["_id": .objectID(job.subjectId), "build.jobId": .objectID(job.id)]
    }

    private static func filter(_ job: DatasetJob, task: ObjectID) -> BSONDocument {
        self.filter(job).merging(["taskStatus.tasks.task": .string("\(task)")])
    }
}
