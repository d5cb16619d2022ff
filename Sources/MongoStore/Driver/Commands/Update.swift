/// How documents change.
package enum Update: Hashable, Sendable {
    /// Operators, such as `["$set": ["status": 1]]`.
    case operators(BSONDocument)
    /// An aggregation pipeline, which can read the document and the server's clock (`$$NOW`).
    case pipeline([BSONDocument])

    var value: BSONValue {
        switch self {
        case .operators(let document): .document(document)
        case .pipeline(let stages): .array(stages.map(BSONValue.document))
        }
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
