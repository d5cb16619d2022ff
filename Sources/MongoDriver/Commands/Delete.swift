internal import CMongo

extension MongoCollection {
    /// Deletes the first document that matches; returns whether there was one.
    @discardableResult
    public func deleteOne(_ filter: BSONDocument) async throws(StoreError) -> Bool {
        let call = self.call("delete")
        let reply = try unsafe await self.withHandle(for: call) { (source) throws(StoreError) in
            try unsafe Client.withNative(filter) { (filter) throws(StoreError) in
                try unsafe Client.reply(to: call) { (reply, error) in
                    unsafe mongoc_collection_delete_one(source, filter, nil, reply, &error)
                }
            }
        }
        return reply["deletedCount"]?.intValue == 1
    }

    /// Deletes every document that matches, one after the other; returns how many. Never repeated by the library.
    @discardableResult
    public func deleteMany(_ filter: BSONDocument) async throws(StoreError) -> Int {
        let call = self.call("delete")
        let reply = try unsafe await self.withHandle(for: call) { (source) throws(StoreError) in
            try unsafe Client.withNative(filter) { (filter) throws(StoreError) in
                try unsafe Client.reply(to: call) { (reply, error) in
                    unsafe mongoc_collection_delete_many(source, filter, nil, reply, &error)
                }
            }
        }
        return reply["deletedCount"]?.intValue ?? 0
    }
}
