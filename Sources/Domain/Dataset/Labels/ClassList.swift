/// The classes of a dataset version and the rule that gives a box its class (contract, section 5).
package struct ClassList: Hashable, Sendable {
    /// The class's number is its position.
    package let names: [String]
    /// Empty when classes are plain labels.
    private let entries: [LabelEntry]
    private let numbersByLabel: [ExactText: Int]

    /// What becomes of a box.
    package enum Verdict: Hashable, Sendable {
        case number(Int)
        /// The box's class is not wanted in this version.
        case disabled
        /// No entry of the list fits: worth telling somebody.
        case unknown
    }

    /// - Parameters:
    ///   - entries: the version's `labelAttributeList`; every one keeps its number.
    ///   - labels: of all boxes in the version; they become the classes when no entry is enabled. Two that differ only
    ///     in Unicode's normal form are two classes.
    package init(entries: [LabelEntry], labels: [String]) {
        guard !entries.contains(where: \.isEnabled) else {
            self.entries = entries
            self.names = entries.map(\.name)
            self.numbersByLabel = [:]
            return
        }
        self.entries = []
        self.names = labels.distinctByBytes
        self.numbersByLabel = Dictionary(
            uniqueKeysWithValues: self.names.enumerated().map { (ExactText($1), $0) })
    }

    /// Of several entries that fit, the one with most attributes counts, then the first.
    package func verdict(on box: LabelledBox) -> Verdict {
        guard !self.entries.isEmpty else {
            return self.numbersByLabel[ExactText(box.label)].map(Verdict.number) ?? .unknown
        }
        var best: Int?
        for (number, entry) in self.entries.enumerated() where entry.fits(box) {
            let isBetter = best.map { entry.attributes.count > self.entries[$0].attributes.count } ?? true
            if isBetter { best = number }
        }
        guard let best else { return .unknown }
        return self.entries[best].isEnabled ? .number(best) : .disabled
    }
}
