/// Compares what splits were to get with what they got.
package struct SplitReport: Hashable, Sendable {
    /// Pictures of each split, without augmented ones.
    package private(set) var imageCounts: [DatasetSplit: Int] = [:]

    package init() {}

    package mutating func add(_ count: Int = 1, to split: DatasetSplit) { self.imageCounts[split, default: 0] += count }

    /// Percentage points by which a split may differ from its share and not be named.
    private static let tolerance = 10.0

    /// One sentence for each share that was not kept, and for what training programs stumble over.
    ///
    /// - Parameter unit: what stays together, which is the usual reason.
    package func problems(shares: [SplitShare], unit: SplitUnit) -> [String] {
        let total = self.imageCounts.values.reduce(0, +)
        guard total > 0 else { return [] }
        var problems = Self.percentages(of: shares).compactMap { split, percentage -> String? in
            let actual = 100 * Double(self.imageCounts[split] ?? 0) / Double(total)
            if actual == 0 {
                return "No picture is in the split \(split.name), which was to have \(Self.text(percentage)) %: "
                    + "there are too few \(unit == .video ? "videos" : "pictures")."
            }
            guard abs(actual - percentage) > Self.tolerance else { return nil }
            return "The split \(split.name) has \(Self.text(actual)) % of the pictures instead of "
                + "\(Self.text(percentage)) %\(unit == .video ? ": all pictures of a video stay in one split" : "")."
        }
        let wanted = Set(Self.percentages(of: shares).map(\.split))
        if self.imageCounts[.training] == nil, !wanted.contains(.training) {
            problems.append("No picture is in the split train, so nothing can be trained with this version.")
        }
        if self.imageCounts[.training] != nil, self.imageCounts[.validation] == nil, !wanted.contains(.validation) {
            problems.append(
                "No picture is in the split val: in the form YOLO, validation uses the pictures of "
                    + (self.imageCounts[.testing] == nil ? "train." : "test."))
        }
        return problems
    }

    /// Of 100, in the order of ``DatasetSplit``; empty without shares.
    private static func percentages(of shares: [SplitShare]) -> [(split: DatasetSplit, percentage: Double)] {
        let weights = SplitAssignment.weights(of: shares)
        let sum = weights.reduce(0) { $0 + $1.weight }
        return DatasetSplit.allCases.compactMap { split in
            let weight = weights.filter { $0.split == split }.reduce(0) { $0 + $1.weight }
            return weight > 0 ? (split, 100 * weight / sum) : nil
        }
    }

    private static func text(_ percentage: Double) -> String { "\(Int(percentage.rounded()))" }
}
