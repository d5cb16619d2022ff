extension MongoCollection {
    /// How many documents match.
    ///
    /// Counted by a pipeline: the `count` command trusts a stored number that is wrong after a crash.
    package func count(_ filter: BSONDocument = [:], hint: String? = nil) async throws(StoreError) -> Int {
        let groups = try await self.aggregate(
            [
                ["$match": .document(filter)],
                ["$group": ["_id": nil, "count": ["$sum": 1]]],
            ], hint: hint)
        return groups.first?["count"]?.intValue ?? 0
    }
}
