/// The part of a dataset that a picture belongs to; the raw value is that of documents.
package enum DatasetSplit: Int, Codable, Sendable, CaseIterable {
    case training = 1
    case validation = 2
    case testing = 3

    /// The name of its folder or subset.
    package var name: String {
        switch self {
        case .training: "train"
        case .validation: "val"
        case .testing: "test"
        }
    }
}

/// How much of a version one split is to have: an entry of `splitCount`.
package struct SplitShare: Hashable, Sendable, Codable {
    package let split: DatasetSplit
    package let imageCount: Int
    package let percentage: Double

    package init(split: DatasetSplit, imageCount: Int, percentage: Double) {
        self.split = split
        self.imageCount = imageCount
        self.percentage = percentage
    }
}

/// What stays together when pictures are split.
package enum SplitUnit: String, Codable, Sendable, CaseIterable {
    /// All frames of a source video: a model is never tested on neighbours of what it was trained on.
    case video
    case frame
}
