/// `[Augmentation]`: how a dataset version is multiplied.
package struct AugmentationSettings: Hashable, Sendable {
    /// Share of a task's frames, 0 … 1; at least one frame is taken.
    package let share: Double
    /// Share of a box's area that must stay visible for the box to be kept, 0 … 1.
    package let minimumVisible: Double
    /// Types of further identifiers, over the built-in table.
    package let typesByIdentifier: [String: String]
    /// What the values of an identifier are divided by before use.
    package let divisorsByIdentifier: [String: Double]
    package let disabledIdentifiers: Set<String>
    /// Splits whose pictures are augmented.
    package let splits: Set<Split>

    package enum Split: String, CaseIterable, Sendable {
        case train, val, test
    }

    init(_ values: SectionValues<AugmentationKeys>) throws(ConfigurationError) {
        self.share = try values.share
        self.minimumVisible = try values.minimumVisible
        // Names that only look alike pass the check for doubles, which goes by bytes; the later one counts here.
        self.typesByIdentifier = Dictionary(
            try values.typesByIdentifier.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        self.divisorsByIdentifier = Dictionary(
            try values.divisorsByIdentifier.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        self.disabledIdentifiers = Set(try values.disabled)
        self.splits = Set(try values.splits)
    }
}
