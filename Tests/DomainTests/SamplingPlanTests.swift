import Testing

@testable import Domain

@Suite struct SamplingPlanTests {
    /// A constant rate of `rate` frames per second with whole ticks.
    static func timeline(rate: Rational, frames: Int, start: Int64 = 0) -> FrameTimeline {
        FrameTimeline(
            ticks: (0..<Int64(frames)).map { start + $0 * rate.denominator }, timeBase: Rational(1, rate.numerator))
    }

    @Test func firstFrameIsAlwaysKept() {
        for rate in [1, 5, 240] {
            let plan = SamplingPlan(
                sampling: Self.timeline(rate: Rational(25, 1), frames: 1), frameRate: rate, framesPerClip: 120)
            #expect(plan.kept == [0])
        }
    }

    @Test func anEmptyVideoHasNoClips() {
        let plan = SamplingPlan(
            sampling: FrameTimeline(ticks: [], timeBase: Rational(1, 25)), frameRate: 5, framesPerClip: 120)
        #expect(plan.clipCount == 0)
    }

    @Test func everyFifthFrameOfThirtyAtSix() {
        let plan = SamplingPlan(
            sampling: Self.timeline(rate: Rational(30, 1), frames: 30), frameRate: 6, framesPerClip: 4)
        #expect(plan.kept == [0, 5, 10, 15, 20, 25])
        #expect(plan.clipCount == 2)
        #expect(plan.clip(at: 0).frameNumbers == [1, 6, 11, 16])
        #expect(plan.clip(at: 1).frameNumbers == [21, 26])
    }

    @Test func aSlowSourceYieldsEveryFrameOnce() {
        let plan = SamplingPlan(
            sampling: Self.timeline(rate: Rational(4, 1), frames: 10), frameRate: 30, framesPerClip: 120)
        #expect(plan.kept == Array(0..<10))
    }

    @Test func theNativeRateKeepsEveryFrame() {
        for rate in [24, 25, 30, 60] {
            let plan = SamplingPlan(
                sampling: Self.timeline(rate: Rational(Int64(rate), 1), frames: 500), frameRate: rate,
                framesPerClip: 120)
            #expect(plan.kept == Array(0..<500))
        }
    }

    @Test func ntscRateDoesNotDrift() {
        let frames = 108_000  // an hour at 29.97
        let timeline = Self.timeline(rate: Rational(30000, 1001), frames: frames)
        let plan = SamplingPlan(sampling: timeline, frameRate: 5, framesPerClip: 120)
        for (k, position) in plan.kept.enumerated() {
            #expect(abs(timeline.seconds(at: Int(position)) - Double(k) / 5) <= 0.5 * 1001 / 30000 + 1e-9)
        }
        #expect(plan.kept.count == 18018)
    }

    @Test func theEarlierFrameWinsATie() {
        // Instant 0.5 lies exactly between 0.4 and 0.6.
        let timeline = FrameTimeline(ticks: [0, 4, 6, 10], timeBase: Rational(1, 10))
        #expect(SamplingPlan(sampling: timeline, frameRate: 2, framesPerClip: 9).kept == [0, 1, 3])
    }

    @Test func aGapKeepsNoFrameTwice() {
        let timeline = FrameTimeline(ticks: [0, 100, 200, 6200, 6300], timeBase: Rational(1, 1000))
        #expect(SamplingPlan(sampling: timeline, frameRate: 10, framesPerClip: 9).kept == [0, 1, 2, 3, 4])
        #expect(SamplingPlan(sampling: timeline, frameRate: 1, framesPerClip: 9).kept == [0, 2, 3])
    }

    @Test func theStartDoesNotMatter() {
        let plain = SamplingPlan(
            sampling: Self.timeline(rate: Rational(25, 1), frames: 99), frameRate: 7, framesPerClip: 9)
        for start in [-3600, 7, 1 << 33] as [Int64] {
            let shifted = SamplingPlan(
                sampling: Self.timeline(rate: Rational(25, 1), frames: 99, start: start), frameRate: 7,
                framesPerClip: 9)
            #expect(shifted == plain)
        }
    }
}
