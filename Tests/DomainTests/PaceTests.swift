import Testing

@testable import Domain

@Suite struct PaceTests {
    static let paces: [(ticks: [Int64], isConstant: Bool)] = [
        ([], true), ([7], true), ([7, 40], true),
        // 30 frames per second in milliseconds, rounded down and to the nearest.
        ([0, 33, 66, 100, 133, 166, 200], true), ([0, 33, 67, 100, 133, 167, 200], true),
        // A frame is missing; one comes two ticks late.
        ([0, 33, 100, 133, 166, 200], false), ([0, 10, 20, 32, 40, 50], false),
        ([-50, -25, 0, 25], true),
    ]

    @Test(arguments: paces)
    func aRateIsConstantWithinTheRoundingOfTheContainer(ticks: [Int64], isConstant: Bool) {
        #expect(FrameTimeline(ticks: ticks, timeBase: Rational(1, 1000)).hasConstantRate == isConstant)
    }

    @Test func theLongestGapIsTheFirstOfEquals() {
        let timeline = FrameTimeline(ticks: [0, 10, 40, 50, 80], timeBase: Rational(1, 10))
        #expect(timeline.longestGap == FrameTimeline.Gap(position: 1, ticks: 30))
        #expect(timeline.seconds(ofTicks: 30) == 3)
        #expect(FrameTimeline(ticks: [5], timeBase: Rational(1, 10)).longestGap == nil)
    }
}
