package import Domain
package import FoundationEssentials
package import MongoDriver

/// What `[Retention]` asks of the database and writes there: which runs are over, what still needs a source, and whose
/// turn it is to remove things.
package struct RetentionRecords: Sendable {
    private let database: MongoDatabase
    let jobs: MongoCollection
    let items: MongoCollection
    let uploads: MongoCollection
    private let replacedTasks: MongoCollection
    private let turns: MongoCollection

    init(_ database: MongoDatabase) {
        self.database = database
        self.jobs = database.collection(CollectionName.jobs)
        self.items = database.collection(CollectionName.workItems)
        self.uploads = database.collection(CollectionName.uploads)
        self.replacedTasks = database.collection(CollectionName.replacedTasks)
        self.turns = database.collection(CollectionName.turns)
    }

    /// Takes the turn for `interval`, by the server's clock; `false` while another process of the cluster has it.
    ///
    /// Nobody gives it back, so what it stands for happens once in each interval.
    package func takeTurn(for interval: Duration) async throws(StoreError) -> Bool {
        let name: BSONValue = "retention"
        try await self.turns.updateOne(
            ["_id": name], ["$setOnInsert": ["until": .date(Date(timeIntervalSince1970: 0))]], upsert: true)
        return try await self.turns.updateOne(
            ["_id": name, "$expr": ["$lte": ["$until", "$$NOW"]]],
            [["$set": ["until": WorkQueue.now(plus: interval)]]]
        ).matchedCount == 1
    }

    /// Uploads of which copies of replaced tasks are left.
    package func uploadsWithCopies() async throws(StoreError) -> [ObjectID] {
        try await self.replacedTasks.distinct("uploadId").compactMap(\.objectIDValue)
    }

    /// The server's clock, by which ages are measured.
    package func now() async throws(StoreError) -> Date { try await self.database.serverTime() }
}

// MARK: Sources

extension RetentionRecords {
    /// Runs that made an upload's tasks, succeeded before `cutoff`, and whose source was not removed yet, in the order
    /// of their ids.
    ///
    /// - Parameter id: only runs after it, to go through all page by page.
    package func producers(
        finishedBefore cutoff: Date, after id: ObjectID?, limit: Int
    ) async throws(StoreError) -> [ProcessingJob] {
        var filter = Self.producers.merging([
            "dates.finished": ["$lt": .date(cutoff)], "pending": ["$exists": false],
            "sourceRemovedAt": ["$exists": false],
        ])
        if let id { filter["_id"] = ["$gt": .objectID(id)] }
        return try await self.jobs.find(Query(filter, sort: ["_id": 1], limit: limit), as: ProcessingJob.self)
    }

    /// The run, if it made its upload's tasks and succeeded.
    package func producer(_ id: ObjectID) async throws(StoreError) -> ProcessingJob? {
        try await self.jobs.findOne(
            Query(Self.producers.merging(["_id": .objectID(id)])), as: ProcessingJob.self)
    }

    private static let producers: BSONDocument = [
        "kind": .string(JobKind.processContent.rawValue), "state": .string(JobState.succeeded.rawValue),
        "parameters.requestType": ["$ne": .int(RequestType.annotations.rawValue)],
    ]

    /// Content paths that somebody may still want to read: those of jobs that have work to do, and of uploads that are
    /// not complete, or not for long enough.
    ///
    /// - Parameter fileName: only paths that end in it.
    package func neededPaths(
        completeAfter cutoff: Date, fileName: String? = nil
    ) async throws(StoreError) -> Set<String> {
        let live: BSONDocument = ["state": ["$in": .array(JobState.live.map { .string($0.rawValue) })]]
        let complete = BSONValue.int(UploadStatus.completed.rawValue)
        let isNeeded: BSONDocument = [
            "$or": [
                ["status": ["$ne": complete]],
                ["status": complete, "finishedAt": ["$not": ["$lt": .date(cutoff)]]],
            ]
        ]
        let jobs = try await self.paths("parameters.contentPath", of: self.jobs, live, fileName)
        let uploads = try await self.paths(
            "sourceFilePath", of: self.uploads, isNeeded, fileName)
        return jobs.union(uploads)
    }

    private func paths(
        _ field: String, of collection: MongoCollection, _ filter: BSONDocument, _ fileName: String?
    ) async throws(StoreError) -> Set<String> {
        var filter = filter.merging([field: ["$type": "string"]])
        if let fileName {
            let last: BSONValue = ["$arrayElemAt": [["$split": [.string("$\(field)"), "/"]], -1]]
            // Evaluated for every document, also where the field is no text.
            let isText: BSONValue = ["$eq": [["$type": .string("$\(field)")], "string"]]
            filter["$expr"] = ["$cond": [isText, ["$eq": [last, ["$literal": .string(fileName)]]], false]]
        }
        let documents = try await collection.aggregate([
            ["$match": .document(filter)], ["$group": ["_id": .string("$\(field)")]],
        ])
        return Set(documents.compactMap { $0["_id"]?.stringValue })
    }

    /// Whether the run still is as it was found, and the upload's latest.
    package func isSettled(_ job: ProcessingJob) async throws(StoreError) -> Bool {
        let later: BSONDocument = [
            "uploadId": .objectID(job.uploadId), "runNumber": ["$gt": .int(job.runNumber)],
            "state": ["$in": .array(JobState.live.map { .string($0.rawValue) })],
        ]
        let own: BSONDocument = [
            "_id": .objectID(job.id), "fence": .int(job.fence), "state": .string(JobState.succeeded.rawValue),
        ]
        guard try await self.jobs.findOne(Query(later, projection: ["_id": 1])) == nil else { return false }
        return try await self.jobs.findOne(Query(own, projection: ["_id": 1])) != nil
    }

    /// Notes that the run's source is gone, so that nobody looks for it again.
    package func markSourceRemoved(of job: ObjectID) async throws(StoreError) {
        try await self.jobs.updateOne(["_id": .objectID(job)], ["$currentDate": ["sourceRemovedAt": true]])
    }

    /// Whether every job of the upload ended before `cutoff`; an upload without jobs is unknown, and so not idle.
    package func isIdle(upload: ObjectID, since cutoff: Date) async throws(StoreError) -> Bool {
        let history = try await self.runs(["uploadId": .objectID(upload)], by: "uploadId")[upload] ?? []
        return !history.isEmpty && history.allSatisfy { $0.endedAt.map { $0 < cutoff } ?? false }
    }
}
