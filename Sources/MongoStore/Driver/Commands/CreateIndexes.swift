/// An index to be kept on a collection.
package struct IndexDefinition: Hashable, Sendable {
    package let name: String
    /// Fields in order, each 1 (ascending) or -1.
    package let keys: BSONDocument
    package let isUnique: Bool
    /// Only documents that match are in the index; `nil` for all.
    package let partialFilter: BSONDocument?

    package init(name: String, keys: BSONDocument, isUnique: Bool = false, partialFilter: BSONDocument? = nil) {
        self.name = name
        self.keys = keys
        self.isUnique = isUnique
        self.partialFilter = partialFilter
    }

    fileprivate var document: BSONDocument {
        var document: BSONDocument = ["name": .string(self.name), "key": .document(self.keys)]
        if self.isUnique { document["unique"] = true }
        document["partialFilterExpression"] = self.partialFilter.map(BSONValue.document)
        return document
    }
}

extension MongoCollection {
    /// Makes the indexes that are not there yet; harmless to repeat.
    ///
    /// Throws `.duplicateKey` when documents already there break a unique index, and `.refused` when an index of the
    /// same name or keys exists with other options.
    package func createIndexes(_ indexes: [IndexDefinition]) async throws(StoreError) {
        _ = try await self.write("createIndexes", ["indexes": .array(indexes.map { .document($0.document) })])
    }
}
