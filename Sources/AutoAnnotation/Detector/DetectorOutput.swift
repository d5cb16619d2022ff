import Domain

/// Reads what a detector in the Ultralytics form gives (<https://docs.ultralytics.com/modes/export/>): [picture, row,
/// anchor], rows centre x, centre y, width and height in input pixels, then the score of each class.
struct DetectorOutput {
    let classNames: [String]
    /// Anchors whose best score is below are no detections.
    let leastConfidence: Double

    /// Boxes in one picture, at most: the strongest stay.
    private static let candidateLimit = 3_000

    /// - Parameters:
    ///   - values: the whole output.
    ///   - shape: of `values`.
    ///   - placements: of the pictures that went in; the output may have more pictures, which are left out.
    /// - Throws: ``EngineError/Code/badModel`` for another shape.
    func detections(
        in values: [Float], shape: [Int], placements: [PicturePlacement]
    ) throws(EngineError) -> [[Detection]] {
        try self.check(shape)
        guard shape[0] >= placements.count, values.count == shape[0] * shape[1] * shape[2] else {
            throw EngineError(
                .badModel,
                "The model gave \(values.count) numbers in the shape \(shape) for \(placements.count) pictures.")
        }
        return placements.enumerated().map { index, placement in
            let start = index * shape[1] * shape[2]
            return self.detections(in: values[start..<start + shape[1] * shape[2]], shape[2], placement)
        }
    }

    /// Refuses a shape that is not [pictures, 4 + classes, anchors].
    func check(_ shape: [Int]) throws(EngineError) {
        guard shape.count == 3, shape[1] == 4 + self.classNames.count, shape[2] > 0 else {
            throw EngineError(
                .badModel,
                "The model's output has the shape \(shape) instead of [pictures, \(4 + self.classNames.count), anchors], "
                    + "which a detector of \(self.classNames.count) classes has.")
        }
    }

    private func detections(
        in picture: ArraySlice<Float>, _ anchorCount: Int, _ placement: PicturePlacement
    ) -> [Detection] {
        let values = picture.span
        var best = [Float](repeating: -.infinity, count: anchorCount)
        var classes = [Int](repeating: 0, count: anchorCount)
        for index in self.classNames.indices {
            let row = (4 + index) * anchorCount
            for anchor in 0..<anchorCount where values[row + anchor] > best[anchor] {
                best[anchor] = values[row + anchor]
                classes[anchor] = index
            }
        }
        var strong = best.indices.filter { Double(best[$0]) >= self.leastConfidence && best[$0].isFinite }
        if strong.count > Self.candidateLimit {
            strong = Array(strong.sorted { (best[$0], $1) > (best[$1], $0) }.prefix(Self.candidateLimit))
        }
        return strong.compactMap { anchor in
            let box = Box(
                centerX: Double(values[anchor]), centerY: Double(values[anchorCount + anchor]),
                width: Double(values[2 * anchorCount + anchor]), height: Double(values[3 * anchorCount + anchor]))
            guard box.x.isFinite, box.y.isFinite, box.width > 0, box.height > 0 else { return nil }
            return Detection(
                box: placement.pictureBox(box), label: self.classNames[classes[anchor]],
                confidence: Double(best[anchor]))
        }
    }
}
