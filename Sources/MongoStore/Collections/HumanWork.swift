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

    /// Matches tasks that a dataset version uses.
    static let inTask: BSONDocument = ["datasetVersions.0": ["$exists": true]]
}
