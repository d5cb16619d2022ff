import Domain
import Testing

@testable import AutoAnnotation

/// Finds the same things in every picture.
private struct FixedEngine: DetectionEngine, ClipDetector {
    let inputWidth = 32
    let inputHeight = 32
    let batchCount = 2
    let found: [Detection]

    func makeDetector() -> any ClipDetector { self }

    func detect(in batch: PictureBatch) async throws(EngineError) -> [[Detection]] {
        Array(repeating: self.found, count: batch.count)
    }
}

@Suite struct ClipAnnotatorTests {
    private static let batch = PictureBatch(
        width: 32, height: 32, values: [Float](repeating: 0, count: 2 * 3 * 32 * 32),
        placements: Array(
            repeating: PicturePlacement(pictureWidth: 64, pictureHeight: 64, scaleX: 0.5, scaleY: 0.5, left: 0, top: 0),
            count: 2))

    private static func car(_ x: Double, _ confidence: Double, _ label: String = "car") -> Detection {
        Detection(box: Box(x: x, y: 0, width: 20, height: 20), label: label, confidence: confidence)
    }

    private static func annotate(_ found: [Detection], _ rules: ClipAnnotator.Rules) async throws -> [[Detection]] {
        var annotator = ClipAnnotator(FixedEngine(found: found), rules: rules)
        return try await annotator.annotate(Self.batch)
    }

    private static func rules(_ pairs: [LabelMapping.Pair] = [], tracks: Bool = false) -> ClipAnnotator.Rules {
        ClipAnnotator.Rules(labels: LabelMapping(pairs), confidence: 0.25, overlap: 0.45, tracks: tracks)
    }

    @Test func weakDoubledAndOutsideBoxesGo() async throws {
        let found = [Self.car(0, 0.9), Self.car(2, 0.8), Self.car(40, 0.2), Self.car(100, 0.9), Self.car(54, 0.5)]
        var clamped = found[4]
        clamped.box.width = 10
        #expect(try await Self.annotate(found, Self.rules())[0] == [found[0], clamped])
    }

    @Test func labelsThatBecomeOneAreSuppressedAsOne() async throws {
        let found = [Self.car(0, 0.9), Self.car(1, 0.8, "truck")]
        let pairs = ["car", "truck"].map { LabelMapping.Pair(model: $0, project: "Vehicle") }
        let kept = try await Self.annotate(found, Self.rules(pairs))[0]
        #expect(kept.map(\.label) == ["Vehicle"])
    }

    @Test func trackingNumbersObjectsFromOne() async throws {
        let kept = try await Self.annotate([Self.car(0, 0.9), Self.car(40, 0.8)], Self.rules(tracks: true))
        #expect(kept.map { $0.map(\.trackId) } == [[1, 2], [1, 2]])
    }
}
