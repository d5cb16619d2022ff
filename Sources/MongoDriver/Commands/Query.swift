/// Which documents of a collection, and how much of each.
///
/// A plain filter can be written as a literal: `cameras.find(["siteId": .objectID(id)])`.
public struct Query: Hashable, Sendable {
    /// Which documents, in the words of `find`; an empty one is all.
    public var filter: BSONDocument
    /// Fields to return; `nil` for all.
    public var projection: BSONDocument?
    /// Keys in order, each 1 (ascending) or -1; `nil` for no promised order.
    public var sort: BSONDocument?
    /// How many of the first documents to leave out.
    public var skip: Int?
    /// How many documents at most; `nil` for all.
    public var limit: Int?
    /// The name of the index to use; `nil` lets the server choose.
    public var hint: String?

    /// A query; without arguments, for all documents.
    public init(
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
    /// A plain filter.
    public init(dictionaryLiteral elements: (String, BSONValue)...) {
        self.init(BSONDocument(uniqueKeysWithValues: elements))
    }
}
