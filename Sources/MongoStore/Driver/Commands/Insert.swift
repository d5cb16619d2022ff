/// What became of many inserts.
package struct InsertOutcome: Hashable, Sendable {
    /// A document that was refused because another has its key.
    package struct Duplicate: Hashable, Sendable {
        /// Position in the array that was to be inserted, from 0.
        package let position: Int
        package let key: StoreError.DuplicateKey?
    }

    package let insertedCount: Int
    /// In ascending order of position.
    package let duplicates: [Duplicate]
}

extension MongoCollection {
    /// Inserts one document. Throws `.duplicateKey` when a unique index refuses it.
    package func insertOne(_ document: BSONDocument) async throws(StoreError) {
        _ = try await self.write("insert", ["documents": [.document(document)]])
    }

    /// Encodes `record` and inserts it.
    package func insertOne(_ record: some Encodable) async throws(StoreError) {
        try await self.insertOne(try BSONEncoder().encode(record))
    }

    /// Inserts all documents that can be inserted, in no promised order, and reports the duplicates.
    ///
    /// Throws what else is refused; then some of the documents may have been inserted.
    @discardableResult
    package func insertMany(_ documents: [BSONDocument]) async throws(StoreError) -> InsertOutcome {
        var insertedCount = 0
        var duplicates: [InsertOutcome.Duplicate] = []
        for batch in try InsertBatches.ranges(of: documents) {
            let reply = try await self.writeKeepingErrors(
                "insert",
                ["documents": .array(documents[batch].map(BSONValue.document)), "ordered": false])
            insertedCount += reply["n"]?.intValue ?? 0
            for entry in reply.writeErrors {
                let error = StoreError(writeError: entry, call: self.call("insert"))
                guard error.code == .duplicateKey else { throw error }
                let position = batch.lowerBound + (entry["index"]?.intValue ?? 0)
                duplicates.append(InsertOutcome.Duplicate(position: position, key: error.duplicate))
            }
        }
        return InsertOutcome(insertedCount: insertedCount, duplicates: duplicates.sorted { $0.position < $1.position })
    }
}

/// Cuts many documents into commands that the server accepts.
enum InsertBatches {
    /// A command is itself a document, and documents end at 16 MiB; one large document may still go alone.
    static let byteLimit = 12 << 20
    static let countLimit = 10_000

    static func ranges(of documents: [BSONDocument]) throws(StoreError) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        var byteCount = 0
        for (position, document) in documents.enumerated() {
            let size = try document.encoded().count
            if position > start, byteCount + size > Self.byteLimit || position - start == Self.countLimit {
                ranges.append(start..<position)
                start = position
                byteCount = 0
            }
            byteCount += size
        }
        if start < documents.count { ranges.append(start..<documents.count) }
        return ranges
    }
}
