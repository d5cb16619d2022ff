internal import MongoDriver

/// The one place that says what people made (contract, section 2): no run changes, moves or deletes it.
enum HumanWork {
    /// Matches frames that carry human work. Old documents hold empty lists or none.
    static let inFrame: BSONDocument = [
        "$or": [
            ["isUserAnnotated": true],
            ["boxes": ["$elemMatch": ["boundaries.annotatorId": Self.isPresent]]],
            ["boxes": ["$elemMatch": ["annotatorId": Self.isPresent]]],
            ["commentBoxes.0": ["$exists": true]],
            ["datasetVersions.0": ["$exists": true]],
        ]
    ]

    private static let isPresent: BSONValue = ["$exists": true, "$ne": nil]

    /// Matches frames that no person has worked on.
    static let notInFrame: BSONDocument = ["$nor": [.document(Self.inFrame)]]

    /// The same as ``inFrame`` for the stages of an aggregation, which have no `$elemMatch`.
    static let isInFrame: BSONValue = [
        "$or": [
            ["$eq": ["$isUserAnnotated", true]],
            ["$anyElementTrue": [Self.mapBoxes("$$box.boundaries.annotatorId")]],
            ["$anyElementTrue": [Self.mapBoxes("$$box.annotatorId")]],
            ["$gt": [["$size": Self.list("$commentBoxes")], 0]],
            ["$gt": [["$size": Self.list("$datasetVersions")], 0]],
        ]
    ]

    /// Whether each box has a value at `path`.
    private static func mapBoxes(_ path: BSONValue) -> BSONValue {
        ["$map": ["input": Self.list("$boxes"), "as": "box", "in": ["$ne": [["$ifNull": [path, nil]], nil]]]]
    }

    /// The list in a field; an empty one where it is absent or something else.
    private static func list(_ field: BSONValue) -> BSONValue {
        ["$cond": [["$isArray": [field]], field, []]]
    }

    /// Matches tasks that a dataset version uses.
    static let inTask: BSONDocument = ["datasetVersions.0": ["$exists": true]]
}
