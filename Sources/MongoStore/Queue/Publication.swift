package import Annotation

/// Makes finished work visible, under the fence of the unit that it belongs to.
///
/// The pipeline starts at the unit's document and goes on only while its fence and lease are the worker's, so that a
/// worker that was paused past its lease publishes nothing. Documents that exist are kept: repeats are harmless.
package struct Publication: Sendable {
    private let units: MongoCollection
    let frames: MongoCollection

    /// Documents in one command; a command ends at 16 MiB.
    static let batchSize = 2000

    init(_ database: MongoDatabase) {
        self.units = database.collection(CollectionName.units)
        self.frames = database.collection(CollectionName.frames)
    }

    package func publish(_ frames: [AnnotationFrame], under unit: JobUnit) async throws(StoreError) {
        for start in stride(from: 0, to: frames.count, by: Self.batchSize) {
            let batch = frames[start..<min(start + Self.batchSize, frames.count)]
            var documents: [BSONValue] = []
            for frame in batch { documents.append(.document(try BSONEncoder().encode(frame))) }
            try await self.publish(documents, to: CollectionName.frames, under: unit)
        }
    }

    package func publish(_ task: AnnotationTask, under unit: JobUnit) async throws(StoreError) {
        try await self.publish([.document(try BSONEncoder().encode(task))], to: CollectionName.tasks, under: unit)
    }

    private func publish(
        _ documents: [BSONValue], to collection: String, under unit: JobUnit
    ) async throws(StoreError) {
        try await self.merge(
            documents, into: collection, whenMatched: "keepExisting", whenNotMatched: "insert", under: unit)
    }

    /// Merges documents into a collection as long as the unit is the worker's; what happens to those that exist and
    /// those that do not is said in MongoDB's words for `$merge`.
    func merge(
        _ documents: [BSONValue], into collection: String, whenMatched: BSONValue, whenNotMatched: BSONValue,
        under unit: JobUnit
    ) async throws(StoreError) {
        try await self.units.aggregate([
            [
                "$match": [
                    "_id": .objectID(unit.id), "fence": .int(unit.fence), "state": .running,
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
