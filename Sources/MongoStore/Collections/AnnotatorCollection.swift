package import Domain
package import MongoDriver

/// `ContentAnnotator`: the auto-annotation versions that were registered at run time, and what every used version
/// means.
///
/// A document with `usedAt` never changes its meaning again and is never removed: boxes refer to it.
package struct AnnotatorCollection: Sendable {
    private let collection: MongoCollection

    init(_ database: MongoDatabase) {
        self.collection = database.collection(CollectionName.annotators)
    }

    /// What is recorded of a version.
    package struct Record: Sendable {
        package let version: AnnotatorVersion
        /// Whether a job has begun to work with it.
        package let isUsed: Bool
    }

    /// All records, in the order of their numbers.
    package func all() async throws(StoreError) -> [Record] {
        var records: [Record] = []
        for document in try await self.collection.find(Query([:], sort: ["_id": 1])) {
            records.append(try Self.record(document))
        }
        return records
    }

    package func find(_ number: Int) async throws(StoreError) -> Record? {
        guard let document = try await self.collection.findOne(["_id": .int(number)]) else { return nil }
        return try Self.record(document)
    }

    /// Records a version, in place of another one of its number as long as no job has used that.
    ///
    /// - Returns: `false` when a used version of other meaning has the number.
    package func register(_ version: AnnotatorVersion) async throws(StoreError) -> Bool {
        _ = try await self.remove(version.number)
        try await self.collection.insertMany([try BSONDocument(encoding: version)])
        return try await self.find(version.number)?.version.meaning == version.meaning
    }

    /// Notes that boxes are about to refer to the version.
    ///
    /// - Returns: `false` when the number is used with another meaning.
    package func use(_ version: AnnotatorVersion) async throws(StoreError) -> Bool {
        try await self.collection.insertMany([try BSONDocument(encoding: version)])
        let meaning = try BSONDocument(encoding: version.meaning)
        try await self.collection.updateOne(
            ["_id": .int(version.number), "usedAt": ["$exists": false]],
            ["$set": ["meaning": .document(meaning)], "$currentDate": ["usedAt": true]])
        return try await self.find(version.number)?.version.meaning == version.meaning
    }

    /// Forgets a version that no job has used; `false` when there is none of that kind.
    package func remove(_ number: Int) async throws(StoreError) -> Bool {
        try await self.collection.deleteOne(["_id": .int(number), "usedAt": ["$exists": false]])
    }

    private static func record(_ document: BSONDocument) throws(StoreError) -> Record {
        Record(
            version: try document.decoded(as: AnnotatorVersion.self),
            isUsed: document["usedAt"] != nil)
    }
}
