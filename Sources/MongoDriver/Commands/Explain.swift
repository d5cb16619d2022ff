extension MongoCollection {
    package enum ExplainVerbosity: String, Sendable {
        /// Which plan the server would choose, without running it.
        case queryPlanner
        /// Runs it and counts keys and documents examined.
        case executionStats
    }

    /// How the server finds what `query` asks for; for tests that an index is used.
    package func explain(
        _ query: Query, verbosity: ExplainVerbosity = .queryPlanner
    ) async throws(StoreError) -> BSONDocument {
        let find: BSONDocument = ["find": .string(self.name), "filter": .document(query.filter)]
        return try await self.database.read(
            ["explain": .document(find.merging(query.options)), "verbosity": .string(verbosity.rawValue)],
            call: self.call("explain"))
    }
}
