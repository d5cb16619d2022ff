internal import CMongo

/// How documents change.
public struct Update: Hashable, Sendable {
    /// As `findAndModify` takes it.
    let value: BSONValue

    /// As libmongoc takes it: an array is a document whose keys are positions.
    fileprivate var document: BSONDocument {
        switch self.value {
        case .array(let stages):
            BSONDocument(uniqueKeysWithValues: stages.enumerated().map { (String($0.offset), $0.element) })
        default: self.value.documentValue ?? [:]
        }
    }

    /// Operators, such as `["$set": ["status": 1]]`; a dictionary literal says the same.
    public static func operators(_ document: BSONDocument) -> Update { Update(value: .document(document)) }

    /// An aggregation pipeline, which can read the document and the server's clock (`$$NOW`); an array literal says
    /// the same.
    public static func pipeline(_ stages: [BSONDocument]) -> Update {
        Update(value: .array(stages.map(BSONValue.document)))
    }
}

extension Update: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    /// As ``operators(_:)``.
    public init(dictionaryLiteral elements: (String, BSONValue)...) {
        self = .operators(BSONDocument(uniqueKeysWithValues: elements))
    }

    /// As ``pipeline(_:)``.
    public init(arrayLiteral stages: BSONDocument...) { self = .pipeline(stages) }
}

/// What became of an update.
public struct UpdateOutcome: Hashable, Sendable {
    /// Documents that the filter found, changed or not.
    public let matchedCount: Int
    /// Documents that are different now.
    public let modifiedCount: Int
    /// `_id` of the document that an upsert made.
    public let upsertedID: BSONValue?
}

extension MongoCollection {
    /// Changes the first document that matches, atomically.
    ///
    /// Throws `.refused` for an update without operators, which would replace the document.
    @discardableResult
    public func updateOne(
        _ filter: BSONDocument, _ update: Update, upsert: Bool = false
    ) async throws(StoreError) -> UpdateOutcome {
        let call = self.call("update")
        return try unsafe await self.withHandle(for: call) { (source) throws(StoreError) in
            try unsafe Client.withNative(filter) { (filter) throws(StoreError) in
                try unsafe Client.withNative(update.document) { (update) throws(StoreError) in
                    try unsafe Client.withNative(["upsert": .bool(upsert)]) { (options) throws(StoreError) in
                        try unsafe UpdateOutcome(
                            Client.reply(to: call) { (reply, error) in
                                unsafe mongoc_collection_update_one(source, filter, update, options, reply, &error)
                            })
                    }
                }
            }
        }
    }

    /// Makes several changes in one message, in order; each is that of ``updateOne(_:_:upsert:)``.
    ///
    /// After one that fails, the rest is not tried, and what came before stays.
    package func updateEach(
        _ changes: [(filter: BSONDocument, update: Update)], upsert: Bool = false
    ) async throws(StoreError) {
        guard !changes.isEmpty else { return }
        let call = self.call("update")
        try unsafe await self.withHandle(for: call) { (source) throws(StoreError) in
            guard let bulk = unsafe mongoc_collection_create_bulk_operation_with_opts(source, nil) else {
                throw StoreError(.refused, call: call, message: "libmongoc made no bulk operation")
            }
            defer { unsafe mongoc_bulk_operation_destroy(bulk) }
            for change in changes {
                try unsafe Client.withNative(change.filter) { (filter) throws(StoreError) in
                    try unsafe Client.withNative(change.update.document) { (update) throws(StoreError) in
                        try unsafe Client.withNative(["upsert": .bool(upsert)]) { (options) throws(StoreError) in
                            var error = bson_error_t()
                            let isTaken = unsafe mongoc_bulk_operation_update_one_with_opts(
                                bulk, filter, update, options, &error)
                            guard isTaken else { throw StoreError(error, call: call) }
                        }
                    }
                }
            }
            _ = try unsafe Client.reply(to: call) { (reply, error) in
                unsafe mongoc_bulk_operation_execute(bulk, reply, &error) != 0
            }
        }
    }

    /// Changes every document that matches, each atomically, not all at once; never repeated by the library.
    ///
    /// Throws `.refused` for an update without operators.
    @discardableResult
    public func updateMany(_ filter: BSONDocument, _ update: Update) async throws(StoreError) -> UpdateOutcome {
        let call = self.call("update")
        return try unsafe await self.withHandle(for: call) { (source) throws(StoreError) in
            try unsafe Client.withNative(filter) { (filter) throws(StoreError) in
                try unsafe Client.withNative(update.document) { (update) throws(StoreError) in
                    try unsafe UpdateOutcome(
                        Client.reply(to: call) { (reply, error) in
                            unsafe mongoc_collection_update_many(source, filter, update, nil, reply, &error)
                        })
                }
            }
        }
    }
}

extension UpdateOutcome {
    fileprivate init(_ reply: BSONDocument) {
        self.matchedCount = reply["matchedCount"]?.intValue ?? 0
        self.modifiedCount = reply["modifiedCount"]?.intValue ?? 0
        self.upsertedID = reply["upsertedId"]
    }
}
