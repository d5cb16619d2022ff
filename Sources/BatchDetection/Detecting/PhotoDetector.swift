package import AutoAnnotation
internal import ContentPipeline
internal import Domain
internal import FrameKit

/// Finds objects in photos, each for itself.
///
/// Thread rule: any task may call it; the engine works on threads of its own.
package struct PhotoDetector: Sendable {
    private let engine: any DetectionEngine
    private let rules: ClipAnnotator.Rules

    /// - Parameters:
    ///   - engine: one that looks at single pictures.
    ///   - rules: what is kept; photos have no tracks.
    package init(_ engine: any DetectionEngine, rules: ClipAnnotator.Rules) {
        self.engine = engine
        self.rules = ClipAnnotator.Rules(
            labels: rules.labels, confidence: rules.confidence, overlap: rules.overlap, tracks: false)
    }

    /// Photos that the engine sees at once. A group of the same photos always gives the same boxes.
    var groupCount: Int { self.engine.batchCount }

    /// What is found in each photo of a group, the most confident first; nothing in those without a picture.
    ///
    /// - Parameter inputs: at most ``groupCount``.
    /// - Throws: `EngineError`.
    func detect(in inputs: [EngineInput?]) async throws(EngineError) -> [[Detection]] {
        let seen = inputs.compactMap { $0 }
        guard !seen.isEmpty else { return inputs.map { _ in [] } }
        let batch = PictureBatch(
            width: self.engine.inputWidth, height: self.engine.inputHeight, values: seen.flatMap(\.values),
            placements: seen.map(\.placement))
        var annotator = ClipAnnotator(self.engine, rules: self.rules)
        var found = try await annotator.annotate(batch)[...]
        return inputs.map { $0 == nil ? [] : found.popFirst() ?? [] }
    }

    /// Brings pictures to the form that the engine takes. Blocks; used by one thread at a time.
    func makeInputReader() -> EngineInputReader {
        EngineInputReader(for: PictureSize(width: self.engine.inputWidth, height: self.engine.inputHeight))
    }
}

/// One picture as the engine takes it.
struct EngineInput: Sendable {
    /// In the form [channel, row, column].
    let values: [Float]
    let placement: PicturePlacement
}

/// Used by one thread at a time.
final class EngineInputReader {
    private var letterbox: LetterboxReader

    init(for size: PictureSize) { self.letterbox = LetterboxReader(for: size) }

    /// - Throws: `MediaError` when memory runs out.
    func input(of picture: Picture) throws(MediaError) -> EngineInput {
        var values = [Float](repeating: 0, count: self.letterbox.elementCount)
        var span = values.mutableSpan
        let letterbox = try self.letterbox.read(picture, into: &span)
        return EngineInput(values: values, placement: PicturePlacement(letterbox))
    }
}
