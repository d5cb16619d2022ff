import Testing

@testable import Domain

@Suite struct DetectionTests {
    private static func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Box {
        Box(x: x, y: y, width: width, height: height)
    }

    private static func detection(_ label: String, _ confidence: Double, _ box: Box) -> Detection {
        Detection(box: box, label: label, confidence: confidence)
    }

    static let overlaps: [(Box, Box, Double)] = [
        (box(0, 0, 10, 10), box(0, 0, 10, 10), 1),
        (box(0, 0, 10, 10), box(5, 0, 10, 10), 1.0 / 3),
        (box(0, 0, 10, 10), box(10, 0, 10, 10), 0),
        (box(0, 0, 10, 10), box(2, 2, 5, 5), 0.25),
        (box(0, 0, 0, 0), box(0, 0, 0, 0), 0),
    ]

    @Test(arguments: overlaps)
    func overlapIsIntersectionOverUnion(first: Box, second: Box, overlap: Double) {
        #expect(abs(first.overlap(with: second) - overlap) < 1e-12)
        #expect(first.overlap(with: second) == second.overlap(with: first))
    }

    static let clamps: [(Box, Box?)] = [
        (box(10, 10, 20, 20), box(10, 10, 20, 20)),
        (box(-5, -5, 20, 20), box(0, 0, 15, 15)),
        (box(90, 70, 20, 20), box(90, 70, 10, 10)),
        (box(-10, -10, 200, 200), box(0, 0, 100, 80)),
        (box(100, 0, 5, 5), nil),
        (box(-5, 0, 5, 5), nil),
        (box(.nan, 0, 5, 5), nil),
        (box(0, 0, .infinity, 5), nil),
    ]

    @Test(arguments: clamps)
    func boxesEndAtThePicture(given: Box, inside: Box?) {
        #expect(given.clamped(toWidth: 100, height: 80) == inside)
    }

    @Test func slimmerThanAPixelIsNoBox() {
        let slivers = [
            Self.detection("car", 1, Self.box(-9.5, 0, 10, 10)), Self.detection("car", 1, Self.box(0, 0, 2, 2)),
        ]
        #expect(slivers.clamped(toWidth: 100, height: 80) == [slivers[1]])
    }

    @Test func suppressionKeepsTheStrongestOfEachLabel() {
        let found = [
            Self.detection("car", 0.6, Self.box(0, 0, 10, 10)),
            Self.detection("car", 0.9, Self.box(1, 0, 10, 10)),
            Self.detection("ball", 0.5, Self.box(0, 0, 10, 10)),
            Self.detection("car", 0.4, Self.box(50, 0, 10, 10)),
        ]
        #expect(found.suppressed(above: 0.5) == [found[1], found[2], found[3]])
    }

    @Test func overlapAtTheLimitStays() {
        let found = [
            Self.detection("car", 0.9, Self.box(0, 0, 10, 10)), Self.detection("car", 0.8, Self.box(5, 0, 10, 10)),
        ]
        #expect(found.suppressed(above: 1.0 / 3).count == 2)
        #expect(found.suppressed(above: 0.33).count == 1)
    }

    @Test func mappingRenamesAndDrops() {
        let mapping = LabelMapping([.init(model: "truck", project: "Vehicle"), .init(model: "car", project: "Vehicle")])
        #expect(mapping["truck"] == "Vehicle")
        #expect(mapping["car"] == "Vehicle")
        #expect(mapping["ball"] == nil)
        #expect(LabelMapping()["ball"] == "ball")
    }
}
