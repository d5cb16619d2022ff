/// An index to be kept on a collection.
public struct IndexDefinition: Hashable, Sendable {
    /// Unique among the indexes of the collection.
    public let name: String
    /// Fields in order, each 1 (ascending) or -1.
    public let keys: BSONDocument
    /// Whether no two documents may have the same keys.
    public let isUnique: Bool
    /// Only documents that match are in the index; `nil` for all.
    public let partialFilter: BSONDocument?

    /// An index that ``MongoCollection/createIndexes(_:)`` makes.
    public init(name: String, keys: BSONDocument, isUnique: Bool = false, partialFilter: BSONDocument? = nil) {
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
    /// The keys of every index of the collection, as ``BSONDocument/directions``; none where there is no collection.
    package func indexKeys() async throws(StoreError) -> Set<[String]> {
        do {
            let reply = try await self.database.read(
                ["listIndexes": .string(self.name)], call: self.call("listIndexes"))
            // The first batch holds 101 indexes; a collection may have 64.
            let indexes = reply["cursor"]?.documentValue?["firstBatch"]?.arrayValue ?? []
            return Set(indexes.compactMap { $0.documentValue?["key"]?.documentValue?.directions })
        } catch  where error.status == Self.namespaceNotFound {
            return []
        }
    }

    /// The server's number for a collection that does not exist.
    private static let namespaceNotFound: UInt32 = 26

    /// Makes the indexes that are not there yet; harmless to repeat.
    ///
    /// Throws `.duplicateKey` when documents already there break a unique index, and `.refused` when an index of the
    /// same name or keys exists with other options.
    public func createIndexes(_ indexes: [IndexDefinition]) async throws(StoreError) {
        _ = try await self.write("createIndexes", ["indexes": .array(indexes.map { .document($0.document) })])
    }
}

extension BSONDocument {
    /// An index's fields in order, such as `["state: 1", "_id: -1"]`, whatever kind of number says so.
    package var directions: [String] { self.elements.map { "\($0.key): \($0.value.intValue ?? 0)" } }
}
