internal import CMongo

extension MongoCollection {
    /// Runs a pipeline; one that ends in `$merge` writes, with the pool's write concern, and returns nothing.
    ///
    /// - Parameter hint: the name of the index for the first stage; `nil` lets the server choose.
    @discardableResult
    package func aggregate(_ pipeline: [BSONDocument], hint: String? = nil) async throws(StoreError) -> [BSONDocument] {
        let (name, call) = (self.name, self.call("aggregate"))
        let stages: BSONDocument = ["pipeline": .array(pipeline.map(BSONValue.document))]
        var options: BSONDocument = [:]
        options["hint"] = hint.map(BSONValue.string)
        return try await self.database.withClient {
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
