import Testing

@testable import Domain

/// The plan against the rule as it is written, tried word for word on timelines that nobody thought of.
@Suite struct SamplingRuleTests {
    /// The same numbers in every run (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
    struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            self.state &+= 0x9e37_79b9_7f4a_7c15
            var bits = self.state
            bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
            bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
            return bits ^ (bits >> 31)
        }
    }

    /// Time bases of containers: MP4 at usual rates, transport streams, Matroska, NTSC, one frame a tick.
    static let timeBases = [
        Rational(1, 15360), Rational(1, 90000), Rational(1, 1000), Rational(1001, 30000), Rational(1, 600),
        Rational(2, 25), Rational(1, 1),
    ]

    /// Even, jittering or full of gaps; up to 30 frames, any start.
    static func timeline(from random: inout Seeded) -> FrameTimeline {
        let base = timeBases.randomElement(using: &random) ?? Rational(1, 1)
        let ticksPerSecond = max(1, base.denominator / base.numerator)
        let pace = max(1, ticksPerSecond / Int64.random(in: 1...240, using: &random))
        let jitter = Bool.random(using: &random) ? 0 : pace
        var tick = Int64.random(in: -1_000_000...1 << 40, using: &random)
        let ticks = (0..<Int.random(in: 1...30, using: &random)).map { _ in
            defer {
                let gap = Int.random(in: 0..<20, using: &random) == 0 ? 3 * ticksPerSecond : 0
                tick += max(1, pace + Int64.random(in: -jitter...jitter, using: &random)) + gap
            }
            return tick
        }
        return FrameTimeline(ticks: ticks, timeBase: base)
    }

    /// Looks at every frame for every instant. Times are whole multiples of 1 / (`timeBase.denominator` · rate · 2 ·
    /// intervals) seconds, so nothing is rounded.
    static func keptByTheRule(of timeline: FrameTimeline, frameRate: Int) -> [Int32] {
        let intervals = Int128(max(1, timeline.frameCount - 1))
        let fine = 2 * intervals
        let second = Int128(timeline.timeBase.denominator) * Int128(frameRate) * fine
        let instant = second / Int128(frameRate)
        let times = timeline.ticks.map {
            Int128($0 - timeline.ticks[0]) * Int128(timeline.timeBase.numerator) * Int128(frameRate) * fine
        }
        guard let last = times.last, last > 0 else { return [0] }
        let half = min(instant, last / intervals) / 2
        var kept: [Int32] = []
        for time in stride(from: 0, to: last + half, by: Int128.Stride(instant)) {
            let distances = times.map { abs($0 - time) }
            let nearest = distances.firstIndex(of: distances.min() ?? 0) ?? 0
            if kept.last != Int32(nearest) { kept.append(Int32(nearest)) }
        }
        return kept
    }

    @Test func everyTimelineAtEveryRateFollowsTheRule() {
        var random = Seeded(state: 20_261_121)
        for round in 0..<480 {
            let timeline = Self.timeline(from: &random)
            // Every rate comes up twice.
            let frameRate = round % 240 + 1
            let plan = SamplingPlan(sampling: timeline, frameRate: frameRate, framesPerClip: 7)
            let expected = Self.keptByTheRule(of: timeline, frameRate: frameRate)
            #expect(plan.kept == expected, "round \(round), rate \(frameRate), ticks \(timeline.ticks)")
            #expect(plan.clips.flatMap(\.positions) == expected)
        }
    }
}
