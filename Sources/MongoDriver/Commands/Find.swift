internal import CMongo

extension MongoCollection {
    /// All documents that match, held in memory at once: give a limit where their number is not bounded.
    public func find(_ query: Query) async throws(StoreError) -> [BSONDocument] {
        let (name, call) = (self.name, self.call("find"))
        return try await self.database.withClient(for: call) {
            [database = self.database.name] (client) throws(StoreError) in
            try unsafe Client.withNative(query.filter) { (filter) throws(StoreError) in
                try unsafe Client.withNative(query.options) { (options) throws(StoreError) in
                    try unsafe client.collect(from: name, of: database, call: call) { source in
                        unsafe mongoc_collection_find_with_opts(source, filter, options, nil)
                    }
                }
            }
        }
    }

    /// As ``find(_:)``, decoded. Throws `.invalid` when any document does not fit `type`.
    public func find<Record: Decodable>(_ query: Query, as type: Record.Type) async throws(StoreError) -> [Record] {
        return try (try await self.find(query)).map { (document) throws(StoreError) in try document.decoded(as: type) }
    }

    /// The first document that matches, or `nil`.
    public func findOne(_ query: Query) async throws(StoreError) -> BSONDocument? {
        var first = query
        first.limit = 1
        return try await self.find(first).first
    }

    /// As ``findOne(_:)``, decoded. Throws `.invalid` when the document does not fit `type`.
    public func findOne<Record: Decodable>(_ query: Query, as type: Record.Type) async throws(StoreError) -> Record? {
        guard let document = try await self.findOne(query) else { return nil }
        return try document.decoded(as: type)
    }
}
