import Domain
import Testing

@testable import AutoAnnotation

@Suite struct DetectorOutputTests {
    private static let output = DetectorOutput(classNames: ["person", "car"], leastConfidence: 0.25)
    /// A picture of 640×320 in an input of 320×320: half the size, 80 rows of grey above.
    private static let placement = PicturePlacement(
        pictureWidth: 640, pictureHeight: 320, scaleX: 0.5, scaleY: 0.5, left: 0, top: 80)

    /// Rows centre x, centre y, width, height, person, car; columns are anchors.
    private static let values: [Float] = [
        100, 200, 0, 160, 160, 0, 20, 40, 0, 10, 60, 0, 0.1, 0.7, 0, 0.9, 0.2, 0,
    ]

    @Test func anchorsBecomeBoxesOfThePicture() throws {
        let found = try Self.output.detections(in: Self.values, shape: [1, 6, 3], placements: [Self.placement])
        #expect(
            found == [
                [
                    Detection(
                        box: Box(x: 180, y: 150, width: 40, height: 20), label: "car", confidence: Double(Float(0.9))),
                    Detection(
                        box: Box(x: 360, y: 100, width: 80, height: 120), label: "person",
                        confidence: Double(Float(0.7))),
                ]
            ])
    }

    static let shapes = [[1, 5, 3], [1, 6], [3, 6, 1, 1], [1, 7, 3], [1, 6, 0], []]

    @Test(arguments: shapes)
    func otherShapesAreABadModel(shape: [Int]) {
        #expect { try Self.output.detections(in: Self.values, shape: shape, placements: [Self.placement]) } throws: {
            ($0 as? EngineError)?.code == .badModel
        }
    }

    @Test func tooFewPicturesAreABadModel() {
        #expect(throws: EngineError.self) {
            try Self.output.detections(
                in: Self.values, shape: [1, 6, 3], placements: [Self.placement, Self.placement])
        }
    }

    @Test func numbersThatAreNoneGiveNoBox() throws {
        var values = Self.values
        values[0] = .nan
        values[15] = .infinity
        let found = try Self.output.detections(in: values, shape: [1, 6, 3], placements: [Self.placement])
        #expect(found[0].map(\.label) == ["person"])
    }
}
