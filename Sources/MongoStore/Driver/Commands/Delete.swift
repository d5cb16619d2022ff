extension MongoCollection {
    /// Deletes the first document that matches; returns whether there was one.
    @discardableResult
    package func deleteOne(_ filter: BSONDocument) async throws(StoreError) -> Bool {
        try await self.delete(filter, limit: 1) == 1
    }

    /// Deletes every document that matches; returns how many.
    @discardableResult
    package func deleteMany(_ filter: BSONDocument) async throws(StoreError) -> Int {
        try await self.delete(filter, limit: 0)
    }

    /// - Parameter limit: 1, or 0 for all: the command knows no other.
    private func delete(_ filter: BSONDocument, limit: Int) async throws(StoreError) -> Int {
        let statement: BSONDocument = ["q": .document(filter), "limit": .int(limit)]
        return try await self.write("delete", ["deletes": [.document(statement)]])["n"]?.intValue ?? 0
    }
}
