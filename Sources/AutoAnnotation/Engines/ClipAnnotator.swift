package import Domain
internal import Tracking

/// Annotates the pictures of one clip: what the engine finds, under the project's labels, without weak and doubled
/// boxes, inside the picture, and with the numbers of the tracked objects.
package struct ClipAnnotator: Sendable {
    /// What is kept of what an engine finds.
    package struct Rules: Hashable, Sendable {
        package let labels: LabelMapping
        /// The least confidence, 0 … 1.
        package let confidence: Double
        /// The overlap above which the weaker of two boxes of a label goes, 0 … 1.
        package let overlap: Double
        package let tracks: Bool

        package init(labels: LabelMapping, confidence: Double, overlap: Double, tracks: Bool) {
            self.labels = labels
            self.confidence = confidence
            self.overlap = overlap
            self.tracks = tracks
        }
    }

    private let rules: Rules
    private var detector: any ClipDetector
    private var tracker: ObjectTracker?

    package init(_ engine: any DetectionEngine, rules: Rules) {
        self.rules = rules
        self.detector = engine.makeDetector()
        self.tracker =
            rules.tracks ? ObjectTracker(ObjectTracker.Settings(leastConfidence: rules.confidence)) : nil
    }

    /// The detections in each picture of the clip's next batch.
    package mutating func annotate(_ batch: PictureBatch) async throws(EngineError) -> [[Detection]] {
        let found = try await self.detector.detect(in: batch)
        guard found.count == batch.count else {
            throw EngineError(.failed, "The engine answered for \(found.count) of \(batch.count) pictures.")
        }
        var annotated: [[Detection]] = []
        for (detections, placement) in zip(found, batch.placements) {
            let kept = self.kept(detections, in: placement)
            annotated.append(self.tracker?.track(kept) ?? kept)
        }
        return annotated
    }

    private func kept(_ detections: [Detection], in placement: PicturePlacement) -> [Detection] {
        let wanted = detections.compactMap { detection -> Detection? in
            guard detection.confidence >= self.rules.confidence, let label = self.rules.labels[detection.label]
            else { return nil }
            var named = detection
            named.label = label
            named.confidence = min(1, detection.confidence)
            return named
        }
        return wanted.suppressed(above: self.rules.overlap)
            .clamped(toWidth: placement.pictureWidth, height: placement.pictureHeight)
    }
}
