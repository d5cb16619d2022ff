/// Which documents of a collection, and how much of each.
///
/// A plain filter can be written as a literal: `tasks.find(["uploadId": .objectID(id)])`.
package struct Query: Hashable, Sendable {
    package var filter: BSONDocument
    /// Fields to return; `nil` for all.
    package var projection: BSONDocument?
    package var sort: BSONDocument?
    package var skip: Int?
    package var limit: Int?
    /// The name of the index to use; `nil` lets the server choose.
    package var hint: String?

    package init(
        _ filter: BSONDocument = [:], projection: BSONDocument? = nil, sort: BSONDocument? = nil, skip: Int? = nil,
        limit: Int? = nil, hint: String? = nil
    ) {
        self.filter = filter
        self.projection = projection
        self.sort = sort
        self.skip = skip
        self.limit = limit
        self.hint = hint
    }

    /// Everything but the filter, in the words of the `find` command.
    var options: BSONDocument {
        var options: BSONDocument = [:]
        options["projection"] = self.projection.map(BSONValue.document)
        options["sort"] = self.sort.map(BSONValue.document)
        options["skip"] = self.skip.map(BSONValue.int)
        options["limit"] = self.limit.map(BSONValue.int)
        options["hint"] = self.hint.map(BSONValue.string)
        return options
    }
}

extension Query: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, BSONValue)...) {
        self.init(BSONDocument(uniqueKeysWithValues: elements))
    }
}
