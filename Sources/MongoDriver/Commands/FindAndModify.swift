extension MongoCollection {
    /// Changes the first document that matches and returns it, in one atomic step.
    ///
    /// - Parameters:
    ///   - query: its `sort` says which document is first; `skip` and `limit` have no meaning here.
    ///   - update: what changes in that document.
    ///   - returnNew: the document after the change rather than before it.
    ///   - upsert: make the document when none matches; with `returnNew` false the answer is then `nil`.
    /// - Returns: `nil` when no document matched.
    public func findAndModify(
        _ query: Query, _ update: Update, returnNew: Bool = true, upsert: Bool = false
    ) async throws(StoreError) -> BSONDocument? {
        var fields: BSONDocument = [
            "query": .document(query.filter), "update": update.value, "new": .bool(returnNew), "upsert": .bool(upsert),
        ]
        fields["sort"] = query.sort.map(BSONValue.document)
        fields["fields"] = query.projection.map(BSONValue.document)
        fields["hint"] = query.hint.map(BSONValue.string)
        return try await self.write("findAndModify", fields)["value"]?.documentValue
    }
}
