internal import CMongo

/// What became of many inserts.
public struct InsertOutcome: Hashable, Sendable {
    /// A document that was refused because another has its key.
    public struct Duplicate: Hashable, Sendable {
        /// Position in the array that was to be inserted, from 0.
        public let position: Int
        /// Which unique index refused it.
        public let key: StoreError.DuplicateKey
    }

    /// Documents that are there now.
    public let insertedCount: Int
    /// In ascending order of position.
    public let duplicates: [Duplicate]
}

extension MongoCollection {
    /// Inserts one document. Throws `.duplicateKey` when a unique index refuses it.
    public func insertOne(_ document: BSONDocument) async throws(StoreError) {
        let (_, failure) = try await self.insert([document])
        if let failure { throw failure }
    }

    /// Encodes `record` and inserts it. Throws `.duplicateKey`, and `.invalid` for what BSON cannot hold.
    public func insertOne(_ record: some Encodable) async throws(StoreError) {
        try await self.insertOne(BSONDocument(encoding: record))
    }

    /// Inserts all documents that can be inserted, in no promised order, and reports the duplicates.
    ///
    /// Throws what else is refused; then some of the documents may have been inserted.
    @discardableResult
    public func insertMany(_ documents: [BSONDocument]) async throws(StoreError) -> InsertOutcome {
        guard !documents.isEmpty else { return InsertOutcome(insertedCount: 0, duplicates: []) }
        let (reply, failure) = try await self.insert(documents)
        // A lost connection between two commands may leave duplicates of the first in the reply.
        if let failure, failure.code != .duplicateKey || !reply.hasOnlyDuplicates { throw failure }
        return InsertOutcome(reply)
    }

    /// One or several commands, as the server's limits ask for.
    private func insert(
        _ documents: [BSONDocument]
    ) async throws(StoreError) -> (reply: BSONDocument, failure: StoreError?) {
        let call = self.call("insert")
        // Documents of others may hold what libbson would not let in, such as text that is not UTF-8.
        let options: BSONDocument = ["ordered": false, "validate": false]
        return try unsafe await self.withHandle(for: call) { (source) throws(StoreError) in
            try unsafe Client.withNatives(documents) { (natives) throws(StoreError) in
                try unsafe Client.withNative(options) { (options) throws(StoreError) in
                    try unsafe Client.attempt(call) { (reply, error) in
                        unsafe mongoc_collection_insert_many(
                            source, natives, documents.count, options, reply, &error)
                    }
                }
            }
        }
    }
}

extension BSONDocument {
    /// Whether an insert failed for duplicates and nothing else: no other rejection, and all else confirmed.
    fileprivate var hasOnlyDuplicates: Bool {
        let codes = self.writeErrors.map { StoreError.code(writeError: $0) }
        return !codes.isEmpty && codes.allSatisfy { $0 == .duplicateKey } && self["writeConcernErrors"] == nil
    }
}

extension InsertOutcome {
    fileprivate init(_ reply: BSONDocument) {
        self.insertedCount = reply["insertedCount"]?.intValue ?? 0
        self.duplicates = reply.writeErrors
            .map { entry in
                Duplicate(
                    position: entry["index"]?.intValue ?? 0,
                    key: StoreError.DuplicateKey(entry, message: entry["errmsg"]?.stringValue ?? ""))
            }
            .sorted { $0.position < $1.position }
    }
}
