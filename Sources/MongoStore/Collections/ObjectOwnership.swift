package import Domain
package import MongoDriver

/// `ContentObject`: which upload owns which object key, and what was written there. The key is the document's `_id`,
/// so a key has one owner.
package struct ObjectOwnership: Sendable {
    private let collection: MongoCollection
    private let items: WorkQueue
    private let tasks: MongoCollection

    init(_ database: MongoDatabase) {
        self.collection = database.collection(CollectionName.objects)
        self.items = WorkQueue(database)
        self.tasks = database.collection(CollectionName.tasks)
    }

    /// Whose a key is.
    package enum Claim: Hashable, Sendable {
        /// Ours: what lies there is ours, whole or from an attempt that was cut off, or nothing lies there.
        case owned
        /// Ours since now, or since an attempt that did not get as far as to look: something of others may lie there.
        case claimed
        /// Another upload's, or nobody's that we know.
        case foreign
    }

    /// An object that a run wrote.
    package struct WrittenObject: Hashable, Sendable {
        package let key: String
        package let clip: Int
        package let sha256: String
        package let byteCount: Int64

        package init(key: String, clip: Int, sha256: String, byteCount: Int64) {
            self.key = key
            self.clip = clip
            self.sha256 = sha256
            self.byteCount = byteCount
        }
    }

    /// Claims a key for the job's upload, unless another one has it.
    package func claim(_ key: String, for job: ProcessingJob, clip: Int) async throws(StoreError) -> Claim {
        let document = try await self.collection.findAndModify(
            ["_id": .string(key)],
            [
                "$setOnInsert": [
                    "uploadId": .objectID(job.uploadId), "runId": .objectID(job.id), "clip": .int(clip),
                ]
            ], upsert: true)
        guard document?["uploadId"]?.objectIDValue == job.uploadId else { return .foreign }
        let isOurs = document?["sha256"] != nil || document?["adopted"]?.boolValue == true
        return isOurs || document?["wasFree"]?.boolValue == true ? .owned : .claimed
    }

    /// Notes that nothing of others lay at a claimed key, so that whatever a later attempt finds there is ours: a store
    /// that dies while it takes an object may keep it without its metadata.
    package func recordFree(_ key: String, for job: ProcessingJob) async throws(StoreError) {
        try await self.collection.updateOne(
            ["_id": .string(key), "uploadId": .objectID(job.uploadId)], ["$set": ["wasFree": true]])
    }

    /// Gives a claimed key up: something of others lies there.
    package func release(_ key: String) async throws(StoreError) {
        try await self.collection.updateOne(
            ["_id": .string(key), "sha256": ["$exists": false]],
            ["$set": ["isForeign": true], "$unset": ["uploadId": "", "runId": "", "clip": ""]])
    }

    /// Notes what was written.
    package func recordWrite(
        _ key: String, by job: ProcessingJob, clip: Int, sha256: String, byteCount: Int64
    ) async throws(StoreError) {
        try await self.collection.updateOne(
            ["_id": .string(key), "uploadId": .objectID(job.uploadId)],
            [
                "$set": [
                    "runId": .objectID(job.id), "clip": .int(clip), "sha256": .string(sha256),
                    "byteCount": .int(Int(byteCount)),
                ],
                "$currentDate": ["writtenAt": true],
            ])
    }

    /// Notes objects beside a clip that are about to be written: whatever becomes of them, they go with the clip.
    ///
    /// - Throws: `.duplicateKey` when one of the keys is another upload's.
    package func recordWrites(_ objects: [WrittenObject], by job: ProcessingJob) async throws(StoreError) {
        try await self.collection.updateEach(
            objects.map { object in
                (
                    ["_id": .string(object.key), "uploadId": .objectID(job.uploadId)],
                    [
                        "$set": [
                            "runId": .objectID(job.id), "clip": .int(object.clip), "sha256": .string(object.sha256),
                            "byteCount": .int(Int(object.byteCount)),
                        ],
                        "$currentDate": ["writtenAt": true],
                    ]
                )
            }, upsert: true)
    }

    /// Those of the keys that are not the job's upload's.
    package func foreign(_ keys: [String], to job: ProcessingJob) async throws(StoreError) -> Set<String> {
        guard !keys.isEmpty else { return [] }
        let own: BSONDocument = [
            "_id": ["$in": .array(keys.map(BSONValue.string))], "uploadId": .objectID(job.uploadId),
        ]
        let documents = try await self.collection.find(Query(own, projection: ["_id": 1]))
        return Set(keys).subtracting(documents.compactMap { $0["_id"]?.stringValue })
    }

    /// Takes over the clip of a task that the replaced system made for the upload and that is being replaced.
    package func claim(_ key: String?, for upload: ObjectID) async throws(StoreError) {
        guard let key, key.hasPrefix("contents/") else { return }
        try await self.collection.updateOne(
            ["_id": .string(key)],
            ["$setOnInsert": ["uploadId": .objectID(upload), "adopted": true]], upsert: true)
    }

    package func remove(_ keys: [String]) async throws(StoreError) {
        try await self.collection.deleteMany(["_id": ["$in": .array(keys.map(BSONValue.string))]])
    }
}

extension ObjectOwnership {
    /// Keys and objects that are read at a time.
    package static let pageSize = 1000

    /// What the job wrote, by key, one page.
    ///
    /// - Parameter last: the last key of the page before; `nil` for the first page.
    package func written(by job: ProcessingJob, after last: String? = nil) async throws(StoreError) -> [WrittenObject] {
        var filter: BSONDocument = ["runId": .objectID(job.id), "sha256": ["$exists": true]]
        if let last { filter["_id"] = ["$gt": .string(last)] }
        let documents = try await self.collection.find(Query(filter, sort: ["_id": 1], limit: Self.pageSize))
        return documents.compactMap { document in
            guard let key = document["_id"]?.stringValue, let clip = document["clip"]?.intValue,
                let sha256 = document["sha256"]?.stringValue, let byteCount = document["byteCount"]?.intValue
            else { return nil }
            return WrittenObject(key: key, clip: clip, sha256: sha256, byteCount: Int64(byteCount))
        }
    }

    /// Keys of the job's upload that an older run wrote and this one did not; a page of them.
    package func surplus(after job: ProcessingJob) async throws(StoreError) -> [String] {
        try await self.keys(["uploadId": .objectID(job.uploadId), "runId": ["$ne": .objectID(job.id)]])
    }

    /// Keys that an ended job claimed or wrote for clips that it did not publish; a page of them.
    package func unpublished(by job: some QueuedJob) async throws(StoreError) -> [String] {
        let published = try await self.items.finishedParts(of: job).union(try await self.shownClips(of: job))
        return try await self.keys([
            "runId": .objectID(job.id), "clip": ["$nin": .array(published.sorted().map(BSONValue.int))],
        ])
    }

    /// Clips that tasks show, also those whose work items were stopped between their task and their end.
    private func shownClips(of job: some QueuedJob) async throws(StoreError) -> [Int] {
        let tasks = try await self.tasks.find(
            Query(
                ["uploadId": .objectID(job.subjectId), "runId": .objectID(job.id)], projection: ["_id": 1]))
        return tasks.compactMap { $0["_id"]?.objectIDValue.map(job.clip) }
    }

    /// What lies beside a clip comes before it: while the clip's key has its owner, so has its folder.
    private func keys(_ filter: BSONDocument) async throws(StoreError) -> [String] {
        try await self.collection.find(
            Query(filter, projection: ["_id": 1], sort: ["_id": 1], limit: Self.pageSize)
        ).compactMap { $0["_id"]?.stringValue }
    }
}
