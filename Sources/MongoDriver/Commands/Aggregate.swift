internal import CMongo

extension MongoCollection {
    /// Runs a pipeline; one that ends in `$merge` writes, with the pool's write concern, and returns nothing.
    ///
    /// - Parameters:
    ///   - pipeline: stages in order, such as `["$match": …]`.
    ///   - hint: the name of the index for the first stage; `nil` lets the server choose.
    @discardableResult
    public func aggregate(_ pipeline: [BSONDocument], hint: String? = nil) async throws(StoreError) -> [BSONDocument] {
        let (name, call) = (self.name, self.call("aggregate"))
        let stages: BSONDocument = ["pipeline": .array(pipeline.map(BSONValue.document))]
        var options: BSONDocument = [:]
        options["hint"] = hint.map(BSONValue.string)
        return try await self.database.withClient(for: call) {
            [options, database = self.database.name] (client) throws(StoreError) in
            try unsafe Client.withNative(stages) { (stages) throws(StoreError) in
                try unsafe Client.withNative(options) { (options) throws(StoreError) in
                    try unsafe client.collect(from: name, of: database, call: call) { source in
                        unsafe mongoc_collection_aggregate(source, MONGOC_QUERY_NONE, stages, options, nil)
                    }
                }
            }
        }
    }
}

extension MongoCollection {
    /// How many documents match.
    ///
    /// Counted by a pipeline: the `count` command trusts a stored number that is wrong after a crash.
    public func count(_ filter: BSONDocument = [:], hint: String? = nil) async throws(StoreError) -> Int {
        let groups = try await self.aggregate(
            [
                ["$match": .document(filter)],
                ["$group": ["_id": nil, "count": ["$sum": 1]]],
            ], hint: hint)
        return groups.first?["count"]?.intValue ?? 0
    }
}

extension MongoCollection {
    /// The different values of `key` among the documents that match; at most 16 MB of them.
    package func distinct(_ key: String, _ filter: BSONDocument = [:]) async throws(StoreError) -> [BSONValue] {
        let reply = try await self.read("distinct", ["key": .string(key), "query": .document(filter)])
        return reply["values"]?.arrayValue ?? []
    }
}
