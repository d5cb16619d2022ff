/// How documents change.
package struct Update: Hashable, Sendable {
    /// As the commands take it.
    let value: BSONValue

    /// Operators, such as `["$set": ["status": 1]]`; a dictionary literal says the same.
    package static func operators(_ document: BSONDocument) -> Update { Update(value: .document(document)) }

    /// An aggregation pipeline, which can read the document and the server's clock (`$$NOW`); an array literal says
    /// the same.
    package static func pipeline(_ stages: [BSONDocument]) -> Update {
        Update(value: .array(stages.map(BSONValue.document)))
    }
}

extension Update: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    package init(dictionaryLiteral elements: (String, BSONValue)...) {
        self = .operators(BSONDocument(uniqueKeysWithValues: elements))
    }

    package init(arrayLiteral stages: BSONDocument...) { self = .pipeline(stages) }
}

package struct UpdateOutcome: Hashable, Sendable {
    /// Documents that the filter found, changed or not.
    package let matchedCount: Int
    /// Documents that are different now.
    package let modifiedCount: Int
    /// `_id` of the document that an upsert made.
    package let upsertedID: BSONValue?
}

extension MongoCollection {
    /// Changes the first document that matches, atomically.
    @discardableResult
    package func updateOne(
        _ filter: BSONDocument, _ update: Update, upsert: Bool = false
    ) async throws(StoreError) -> UpdateOutcome {
        try await self.update(filter, update, isMulti: false, upsert: upsert)
    }

    /// Changes every document that matches, each atomically, not all at once.
    @discardableResult
    package func updateMany(
        _ filter: BSONDocument, _ update: Update, upsert: Bool = false
    ) async throws(StoreError) -> UpdateOutcome {
        try await self.update(filter, update, isMulti: true, upsert: upsert)
    }

    private func update(
        _ filter: BSONDocument, _ update: Update, isMulti: Bool, upsert: Bool
    ) async throws(StoreError) -> UpdateOutcome {
        let statement: BSONDocument = [
            "q": .document(filter), "u": update.value, "multi": .bool(isMulti), "upsert": .bool(upsert),
        ]
        let reply = try await self.write("update", ["updates": [.document(statement)]])
        let upserted = reply["upserted"]?.arrayValue ?? []
        return UpdateOutcome(
            matchedCount: (reply["n"]?.intValue ?? 0) - upserted.count,
            modifiedCount: reply["nModified"]?.intValue ?? 0,
            upsertedID: upserted.first?.documentValue?["_id"])
    }
}
