import Testing

@testable import Domain

@Suite struct DetectionQualityTests {
    private static func box(_ x: Double, _ label: String = "car", _ confidence: Double = 1, width: Double = 10)
        -> Detection
    {
        Detection(box: Box(x: x, y: 0, width: width, height: 10), label: label, confidence: confidence)
    }

    @Test func perfectDetectionsScoreOne() {
        let quality = DetectionQuality(of: [
            .init(truth: [Self.box(0), Self.box(50)], found: [Self.box(0), Self.box(50)])
        ])
        #expect(quality.map50 == 1)
        #expect(quality.map50To95 == 1)
        #expect(quality.recall == 1)
        #expect(quality.precision == 1)
    }

    @Test func nothingFoundScoresZeroWithoutPrecision() {
        let quality = DetectionQuality(of: [.init(truth: [Self.box(0)], found: [])])
        #expect(quality.map50 == 0)
        #expect(quality.precision == nil)
    }

    /// Worked out by hand: of two objects, the strongest box hits one, the next misses, the last hits the other; the
    /// precision is 1 up to a recall of 0.5 (51 points) and 2/3 beyond (50 points).
    @Test func precisionIsInterpolatedAtAHundredAndOneRecalls() {
        let found = [Self.box(0, "car", 0.9), Self.box(200, "car", 0.8), Self.box(50, "car", 0.7)]
        let quality = DetectionQuality(of: [.init(truth: [Self.box(0), Self.box(50)], found: found)])
        #expect(abs(quality.map50 - (51 + 50 * 2.0 / 3) / 101) < 1e-12)
        #expect(quality.recall == 1)
        #expect(quality.precision == 2.0 / 3)
    }

    @Test func objectIsHitOnce() {
        let quality = DetectionQuality(of: [
            .init(truth: [Self.box(0)], found: [Self.box(0, "car", 0.9), Self.box(1, "car", 0.8)])
        ])
        #expect(quality.precision == 0.5)
    }

    /// An overlap of 0.8 counts at 0.50, 0.55 … 0.80: seven of ten.
    @Test func tighterOverlapsCountInTheMean() {
        let quality = DetectionQuality(of: [.init(truth: [Self.box(0)], found: [Self.box(0, width: 8)])])
        #expect(quality.map50 == 1)
        #expect(abs(quality.map50To95 - 0.7) < 1e-12)
    }

    @Test func labelsWithoutObjectsAreNamedAndCostPrecision() {
        let quality = DetectionQuality(of: [.init(truth: [Self.box(0)], found: [Self.box(0), Self.box(50, "ball")])])
        #expect(quality.map50 == 1)
        #expect(quality.labelsWithoutTruth == ["ball"])
        #expect(quality.precision == 0.5)
    }

    @Test func weakBoxesCountOnlyForTheMean() {
        let quality = DetectionQuality(
            of: [.init(truth: [Self.box(0)], found: [Self.box(0, "car", 0.1)])], confidence: 0.25)
        #expect(quality.map50 == 1)
        #expect(quality.recall == 0)
    }
}
