/// How well detections agree with the truth: COCO's mean average precision, and recall and precision at one confidence.
///
/// Agrees with pycocotools on boxes without crowds and areas (<https://github.com/cocodataset/cocoapi>).
package struct DetectionQuality: Hashable, Sendable, Encodable {
    package let frames: Int
    package let truthBoxes: Int
    package let foundBoxes: Int
    /// At a least overlap of 0.5, over the labels that have objects.
    package let map50: Double
    /// The mean over the least overlaps 0.50, 0.55 … 0.95.
    package let map50To95: Double
    /// The confidence that recall and precision are told at, with a least overlap of 0.5.
    package let confidence: Double
    package let recall: Double
    /// `nil` when nothing was found.
    package let precision: Double?
    /// In the order of the alphabet.
    package let labels: [LabelQuality]
    /// Labels that were found and of which there is no object at all.
    package let labelsWithoutTruth: [String]

    package struct LabelQuality: Hashable, Sendable, Encodable {
        package let label: String
        package let truthBoxes: Int
        package let ap50: Double
        package let ap50To95: Double
        package let recall: Double
        package let precision: Double?

        private enum CodingKeys: String, CodingKey {
            case label
            case truthBoxes = "truth_boxes"
            case ap50
            case ap50To95 = "ap50_95"
            case recall, precision
        }
    }

    private enum CodingKeys: String, CodingKey {
        case frames
        case truthBoxes = "truth_boxes"
        case foundBoxes = "found_boxes"
        case map50
        case map50To95 = "map50_95"
        case confidence, recall, precision, labels
        case labelsWithoutTruth = "labels_without_truth"
    }

    /// One picture with its objects, whose confidence says nothing, and what was found in it.
    package struct Picture: Sendable {
        package let truth: [Detection]
        package let found: [Detection]

        package init(truth: [Detection], found: [Detection]) {
            self.truth = truth
            self.found = found
        }
    }

    /// - Parameter confidence: from which on a box counts for recall and precision.
    package init(of pictures: [Picture], confidence: Double = 0.25) {
        let labels = Set(pictures.flatMap { $0.truth.map(\.label) }).sorted()
        let scores = labels.map { LabelScore(of: $0, in: pictures, confidence: confidence) }
        let strong = pictures.flatMap(\.found).filter { $0.confidence >= confidence }
        let hits = scores.reduce(0) { $0 + $1.hitCount }
        self.frames = pictures.count
        self.truthBoxes = pictures.reduce(0) { $0 + $1.truth.count }
        self.foundBoxes = pictures.reduce(0) { $0 + $1.found.count }
        self.labels = scores.map(\.quality)
        self.map50 = Self.mean(self.labels.map(\.ap50))
        self.map50To95 = Self.mean(self.labels.map(\.ap50To95))
        self.confidence = confidence
        self.recall = self.truthBoxes == 0 ? 0 : Double(hits) / Double(self.truthBoxes)
        self.precision = strong.isEmpty ? nil : Double(hits) / Double(strong.count)
        self.labelsWithoutTruth = Set(pictures.flatMap { $0.found.map(\.label) }).subtracting(labels).sorted()
    }

    fileprivate static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
}

/// One label's share of the quality.
private struct LabelScore {
    let quality: DetectionQuality.LabelQuality
    let hitCount: Int

    init(of label: String, in pictures: [DetectionQuality.Picture], confidence: Double) {
        let own = pictures.map { picture in
            (
                truth: picture.truth.filter { $0.label == label }.map(\.box),
                found: picture.found.filter { $0.label == label }
            )
        }
        let precisions = (0..<10).map { step in
            var matches = LabelMatches()
            let leastOverlap = 0.5 + 0.05 * Double(step)
            for picture in own { matches.add(truth: picture.truth, found: picture.found, leastOverlap: leastOverlap) }
            return matches.averagePrecision
        }
        var strong = LabelMatches()
        for picture in own {
            strong.add(
                truth: picture.truth, found: picture.found.filter { $0.confidence >= confidence }, leastOverlap: 0.5)
        }
        self.hitCount = strong.hitCount
        self.quality = DetectionQuality.LabelQuality(
            label: label, truthBoxes: strong.truthCount, ap50: precisions[0],
            ap50To95: DetectionQuality.mean(precisions), recall: Double(strong.hitCount) / Double(strong.truthCount),
            precision: strong.found.isEmpty ? nil : Double(strong.hitCount) / Double(strong.found.count))
    }
}
