import Domain
import Testing

@testable import AutoAnnotation

@Suite struct MotionEngineTests {
    private static let side = 224

    /// Pictures of a dark square of 24 pixels that goes right by 8 pixels each, before light grey.
    private static func batch(_ steps: Range<Int>) -> PictureBatch {
        let background = [Float](repeating: 0.7, count: 3 * side * side)
        let values = steps.flatMap { step in
            var picture = background
            for channel in 0..<3 {
                for row in 100..<124 {
                    for column in 8 * step..<8 * step + 24 { picture[(channel * side + row) * side + column] = 0.2 }
                }
            }
            return picture
        }
        let placement = PicturePlacement(
            pictureWidth: side, pictureHeight: side, scaleX: 1, scaleY: 1, left: 0, top: 0)
        return PictureBatch(
            width: side, height: side, values: values, placements: Array(repeating: placement, count: steps.count))
    }

    @Test func movingSquareIsFoundWhereItIs() async throws {
        var detector = MotionEngine().makeDetector()
        let found = try await detector.detect(in: Self.batch(0..<22))
        for (step, detections) in found.enumerated() {
            let expected = Box(x: Double(8 * step), y: 100, width: 24, height: 24)
            #expect(detections.count == 1)
            #expect(detections.allSatisfy { $0.box.overlap(with: expected) > 0.7 && $0.label == "object" })
        }
    }

    @Test func stillSceneHasNoObjects() async throws {
        var detector = MotionEngine().makeDetector()
        let still = Self.batch(5..<6)
        let values = (0..<6).flatMap { _ in still.values }
        let batch = PictureBatch(
            width: Self.side, height: Self.side, values: values,
            placements: Array(repeating: still.placements[0], count: 6))
        #expect(try await detector.detect(in: batch).allSatisfy(\.isEmpty))
    }

    @Test func backgroundBeginsAfreshWithEachClip() async throws {
        let engine = MotionEngine()
        var first = engine.makeDetector()
        let alone = try await first.detect(in: Self.batch(0..<12))
        var second = engine.makeDetector()
        _ = try await second.detect(in: Self.batch(12..<24))
        var third = engine.makeDetector()
        #expect(try await third.detect(in: Self.batch(0..<12)) == alone)
    }
}
