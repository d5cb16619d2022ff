internal import Domain
package import AutoAnnotation
package import FrameKit

/// Annotates one clip while its pictures come by: collects them in batches, lets the engine see each batch, and keeps
/// what it finds. Memory holds one batch and the boxes.
actor ClipAnnotation {
    private let width: Int
    private let height: Int
    private let batchCount: Int
    private var annotator: ClipAnnotator
    private let meter: WorkMeter
    private let version: Int
    private var letterbox: LetterboxReader
    private var values: [Float]
    private var placements: [PicturePlacement] = []
    private var detections: [[Detection]] = []

    init(_ loaded: LoadedAnnotator) {
        self.width = loaded.engine.inputWidth
        self.height = loaded.engine.inputHeight
        self.batchCount = loaded.engine.batchCount
        self.annotator = ClipAnnotator(loaded.engine, rules: loaded.rules)
        self.meter = loaded.meter
        self.version = loaded.version.number
        self.letterbox = LetterboxReader(for: PictureSize(width: self.width, height: self.height))
        self.values = [Float](repeating: 0, count: self.batchCount * 3 * self.width * self.height)
    }

    /// Takes the picture of the clip's next frame; waits for the engine when a batch is full.
    ///
    /// - Throws: `MediaError`, `EngineError`.
    func show(_ picture: Picture) async throws {
        var span = self.values.mutableSpan
        let place = try self.letterbox.read(picture, into: &span, at: self.placements.count)
        self.placements.append(PicturePlacement(place))
        if self.placements.count == self.batchCount { try await self.annotateBatch() }
    }

    /// The detections of every picture shown, in their order.
    func finish() async throws -> [[Detection]] {
        if !self.placements.isEmpty { try await self.annotateBatch() }
        return self.detections
    }

    private func annotateBatch() async throws {
        let count = self.placements.count * 3 * self.width * self.height
        let batch = PictureBatch(
            width: self.width, height: self.height,
            values: count == self.values.count ? self.values : Array(self.values.prefix(count)),
            placements: self.placements)
        self.placements.removeAll(keepingCapacity: true)
        var annotator = self.annotator
        // Pictures come one at a time, so nobody else is here while the engine works.
        let clock = ContinuousClock()
        let start = clock.now
        let found = try await annotator.annotate(batch)
        self.meter.add(clock.now - start, to: .annotationSeconds, "\(self.version)")
        self.annotator = annotator
        self.detections += found
    }
}

extension PicturePlacement {
    /// One scale for both directions, as models' own boxes are mapped back (`scale_boxes` of Ultralytics), although
    /// whole pixels make them differ a little.
    package init(_ letterbox: Letterbox) {
        let scale = min(
            Double(letterbox.input.width) / Double(letterbox.picture.width),
            Double(letterbox.input.height) / Double(letterbox.picture.height))
        self.init(
            pictureWidth: letterbox.picture.width, pictureHeight: letterbox.picture.height, scaleX: scale,
            scaleY: scale,
            left: letterbox.left, top: letterbox.top)
    }
}
