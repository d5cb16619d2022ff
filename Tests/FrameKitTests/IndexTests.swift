import Domain
import Testing

@testable import FrameKit

@Suite struct IndexTests {
    static let shapes: [(Int, Int, AspectRatio?, [Int])] = [
        (640, 360, nil, [640, 360]),
        (640, 360, AspectRatio(4, 3), [853, 360]),
        (720, 576, AspectRatio(16, 15), [768, 576]),
        (720, 480, AspectRatio(8, 9), [720, 540]),
    ]

    @Test(arguments: shapes)
    func pixelsBecomeSquareByGrowing(width: Int, height: Int, aspect: AspectRatio?, expected: [Int]) {
        let size = PictureGeometry.squarePixels(width: width, height: height, aspect: aspect)
        #expect([size.width, size.height] == expected)
    }

    static let depths: [([Int32?], Int)] = [
        ([0, 1, 2, 3], 0),
        ([0, 3, 1, 2], 1),
        ([0, 4, 2, 1, 3], 2),
        ([0, nil, 2, 1], 1),
        ([], 0),
    ]

    @Test(arguments: depths)
    func reorderDepthCountsEarlierDecodedPictures(positions: [Int32?], depth: Int) {
        #expect(PresentationOrder.reorderDepth(of: positions) == depth)
    }

    /// Times of a hostile file may run backwards from end to end.
    @Test(.timeLimit(.minutes(3))) func manyPicturesInReverseAreNoTrouble() {
        let positions = (0..<Int32(300_000)).reversed().map { Int32?($0) }
        #expect(PresentationOrder.reorderDepth(of: positions) == 299_999)
    }

    @Test func bidirectionalPicturesAreShownBeforeTheirReference() {
        let ordered = PresentationOrder.orderByCoding([0, 1, 2, 3, 4, 5]) { [2, 3, 5].contains($0) }
        #expect(ordered == [0, 2, 3, 1, 5, 4])
    }

    @Test func aJumpOfHalfTheClockIsANewStartAndAShorterOneAPause() {
        var joiner = TimeJoiner(timeBase: Rational(1, 10), clockBitCount: 12)
        // Half of 2¹² is 2048 ticks.
        let shifts = [100, 101, 2150, 4300, 4301].map { joiner.shift(for: $0, lasting: 1) }
        #expect(shifts == [0, 0, 0, -2149, -2149])
    }

    @Test func aClockThatStartsAgainGoesOn() {
        var joiner = TimeJoiner(timeBase: Rational(1, 10), clockBitCount: 64)
        let shifts = [100, 101, 102, 5, 6, 100, 99].map { joiner.shift(for: $0, lasting: 1) }
        #expect(shifts == [0, 0, 0, 98, 98, 98, 98])
    }
}
