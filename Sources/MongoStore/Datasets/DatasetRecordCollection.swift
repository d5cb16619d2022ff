package import Domain
package import MongoDriver

/// `ContentDatasetFrame`: what builds made, one document for each frame of a version.
package struct DatasetRecordCollection: Sendable {
    private let collection: MongoCollection

    init(_ database: MongoDatabase) {
        self.collection = database.collection(CollectionName.datasetFrames)
    }

    /// The records of a task in the version, by frame.
    package func records(of version: ObjectID, task: ObjectID) async throws(StoreError) -> [FrameRecord] {
        try await self.collection.find(
            Query(["versionId": .objectID(version), "taskId": .objectID(task)], sort: ["frame": 1]),
            as: FrameRecord.self)
    }

    /// Every task that a build of the version, this one or an earlier one, made frames of.
    package func tasks(of version: ObjectID) async throws(StoreError) -> [ObjectID] {
        try await self.collection.distinct("taskId", ["versionId": .objectID(version)]).compactMap(\.objectIDValue)
    }

    /// Boxes of the version that are in no label file, by kind.
    package func droppedBoxes(of version: ObjectID) async throws(StoreError) -> DroppedBoxes {
        let kinds = ["outside", "empty", "unreadable", "hidden"]
        let sums = kinds.map { ($0, BSONValue.document(["$sum": .string("$droppedBoxes.\($0)")])) }
        let groups = try await self.collection.aggregate([
            ["$match": ["versionId": .objectID(version)]],
            [
                "$group": .document(
                    BSONDocument(
                        uniqueKeysWithValues: [("_id", .null), ("unknownClass", ["$sum": "$unknownBoxes"])] + sums))
            ],
        ])
        func count(_ kind: String) -> Int { groups.first?[kind]?.intValue ?? 0 }
        return DroppedBoxes(
            unknownClass: count("unknownClass"), outside: count("outside"), empty: count("empty"),
            unreadable: count("unreadable"), hidden: count("hidden"))
    }

    package func save(_ records: [FrameRecord]) async throws(StoreError) {
        let changes = try records.map { (record) throws(StoreError) -> (BSONDocument, Update) in
            (
                Self.key(record.versionId, record.taskId, record.frame),
                ["$set": .document(try BSONDocument(encoding: record))]
            )
        }
        try await self.collection.updateEach(changes, upsert: true)
    }

    package func remove(_ frames: [Int], of version: ObjectID, task: ObjectID) async throws(StoreError) {
        guard !frames.isEmpty else { return }
        try await self.collection.deleteMany([
            "versionId": .objectID(version), "taskId": .objectID(task),
            "frame": ["$in": .array(frames.map(BSONValue.int))],
        ])
    }

    private static func key(_ version: ObjectID, _ task: ObjectID, _ frame: Int) -> BSONDocument {
        ["versionId": .objectID(version), "taskId": .objectID(task), "frame": .int(frame)]
    }
}
