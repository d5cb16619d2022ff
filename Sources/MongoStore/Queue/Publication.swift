package import Domain
package import MongoDriver

/// Makes finished work visible, under the fence of the work item that it belongs to.
///
/// The pipeline starts at the work item's document and continues only while its fence and lease are the worker's, so
/// that a worker that was paused past its lease publishes nothing. Documents that exist are kept: repeats are harmless.
package struct Publication: Sendable {
    private let items: MongoCollection
    let frames: MongoCollection

    /// Documents in one command; a command ends at 16 MiB.
    static let batchSize = 2000

    init(_ database: MongoDatabase) {
        self.items = database.collection(CollectionName.workItems)
        self.frames = database.collection(CollectionName.frames)
    }

    package func publish(_ frames: [AnnotationFrame], under item: WorkItem) async throws(StoreError) {
        for start in stride(from: 0, to: frames.count, by: Self.batchSize) {
            let batch = frames[start..<min(start + Self.batchSize, frames.count)]
            var documents: [BSONValue] = []
            for frame in batch { documents.append(.document(try BSONDocument(encoding: frame))) }
            try await self.publish(documents, to: CollectionName.frames, under: item)
        }
    }

    package func publish(_ task: AnnotationTask, under item: WorkItem) async throws(StoreError) {
        try await self.publish([.document(try BSONDocument(encoding: task))], to: CollectionName.tasks, under: item)
    }

    private func publish(
        _ documents: [BSONValue], to collection: String, under item: WorkItem
    ) async throws(StoreError) {
        try await self.merge(
            documents, into: collection, whenMatched: "keepExisting", whenNotMatched: "insert", under: item)
    }

    /// Merges documents into a collection as long as the work item is the worker's; what happens to those that exist
    /// and those that do not is said in MongoDB's words for `$merge`.
    func merge(
        _ documents: [BSONValue], into collection: String, whenMatched: BSONValue, whenNotMatched: BSONValue,
        under item: WorkItem
    ) async throws(StoreError) {
        try await self.items.aggregate([
            [
                "$match": [
                    "_id": .objectID(item.id), "fence": .int(item.fence), "state": .running,
                    "$expr": ["$gt": ["$lease.until", "$$NOW"]],
                ]
            ],
            ["$project": ["_id": 0, "document": ["$literal": .array(documents)]]],
            ["$unwind": "$document"],
            ["$replaceRoot": ["newRoot": "$document"]],
            [
                "$merge": [
                    "into": .string(collection), "on": "_id", "whenMatched": whenMatched,
                    "whenNotMatched": whenNotMatched,
                ]
            ],
        ])
    }
}
