extension MongoCollection {
    /// The different values of `key` among the documents that match; at most 16 MB of them.
    package func distinct(_ key: String, _ filter: BSONDocument = [:]) async throws(StoreError) -> [BSONValue] {
        let reply = try await self.read("distinct", ["key": .string(key), "query": .document(filter)])
        return reply["values"]?.arrayValue ?? []
    }
}
