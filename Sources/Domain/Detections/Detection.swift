/// One object that an annotator found in one picture.
package struct Detection: Hashable, Sendable, Codable {
    package var box: Box
    package var label: String
    /// 0 … 1.
    package var confidence: Double
    /// The same for one object in all pictures of a clip, from 1; `nil` without tracking.
    package var trackId: Int?

    package init(box: Box, label: String, confidence: Double, trackId: Int? = nil) {
        self.box = box
        self.label = label
        self.confidence = confidence
        self.trackId = trackId
    }
}

extension [Detection] {
    /// Without those that overlap a stronger one of the same label too much: greedy suppression, label by label.
    ///
    /// - Parameter limit: the intersection over union from above which the weaker one goes, 0 … 1.
    /// - Returns: the rest, the most confident first; equals keep their order.
    package func suppressed(above limit: Double) -> [Detection] {
        var kept: [String: [Detection]] = [:]
        return self.strongestFirst().filter { detection in
            let isNew = kept[detection.label, default: []].allSatisfy { $0.box.overlap(with: detection.box) <= limit }
            if isNew { kept[detection.label, default: []].append(detection) }
            return isNew
        }
    }

    /// The most confident first; equals keep their order.
    func strongestFirst() -> [Detection] {
        self.enumerated().sorted { first, second in
            first.element.confidence == second.element.confidence
                ? first.offset < second.offset : first.element.confidence > second.element.confidence
        }.map(\.element)
    }

    /// The parts of the boxes inside a picture, in pixels; what lies outside or is smaller than a pixel goes.
    package func clamped(toWidth width: Int, height: Int) -> [Detection] {
        self.compactMap { detection in
            guard let box = detection.box.clamped(toWidth: Double(width), height: Double(height)),
                box.width >= 1, box.height >= 1
            else { return nil }
            var inside = detection
            inside.box = box
            return inside
        }
    }
}
