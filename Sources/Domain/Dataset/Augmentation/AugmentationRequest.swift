/// What a version asks for: one property of `augmentationTypes.IMAGE_LEVEL`.
package struct AugmentationRequest: Hashable, Sendable, Codable {
    package let identifier: String
    package let value: Value

    package enum Value: Hashable, Sendable, Codable {
        /// On or off.
        case flag(Bool)
        /// What each picture draws from.
        case range(low: Double, high: Double)
        /// Something else, as text.
        case unreadable(String)
    }

    package init(identifier: String, value: Value) {
        self.identifier = identifier
        self.value = value
    }
}

/// How the configuration reads requests.
package struct AugmentationRules: Hashable, Sendable {
    /// Share of a task's frames, 0 … 1; at least one frame is taken.
    package let share: Double
    /// Share of a box's area that must stay visible for the box to be kept, 0 … 1.
    package let minimumVisible: Double
    /// Names of types by further identifiers, over those that every installation has.
    package let typesByIdentifier: [String: String]
    /// What the values of an identifier are divided by.
    package let divisorsByIdentifier: [String: Double]
    package let disabledIdentifiers: Set<String>
    /// Splits whose pictures are augmented: what a model is tested with stays as it was taken.
    package let splits: Set<DatasetSplit>

    package init(
        share: Double = 0.1, minimumVisible: Double = 0.25, typesByIdentifier: [String: String] = [:],
        divisorsByIdentifier: [String: Double] = [:], disabledIdentifiers: Set<String> = [],
        splits: Set<DatasetSplit> = [.training]
    ) {
        self.share = share
        self.minimumVisible = minimumVisible
        self.typesByIdentifier = typesByIdentifier
        self.divisorsByIdentifier = divisorsByIdentifier
        self.disabledIdentifiers = disabledIdentifiers
        self.splits = splits
    }

    /// The type that an identifier names; `nil` for an unknown one.
    func type(of identifier: String) -> AugmentationType? {
        if let name = self.typesByIdentifier[identifier] { return AugmentationType(rawValue: name) }
        return AugmentationType.typesByIdentifier[identifier] ?? AugmentationType(rawValue: identifier)
    }
}
