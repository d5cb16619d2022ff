/// How evenly frames follow each other. All arithmetic is exact.
extension FrameTimeline {
    /// The distance between two frames that follow each other.
    package struct Gap: Hashable, Sendable {
        /// Position of the earlier frame.
        package let position: Int
        /// In ticks of the time base.
        package let ticks: Int64
    }

    /// Whether every frame comes when a constant rate would show it, to within one tick: containers round times to
    /// their time base. A single frame counts as constant.
    package var hasConstantRate: Bool {
        guard let first = self.ticks.first, let last = self.ticks.last else { return true }
        let intervals = Int128(self.frameCount - 1)
        let span = Int128(last - first)
        return self.ticks.enumerated().allSatisfy { position, tick in
            abs(Int128(tick - first) * intervals - Int128(position) * span) <= intervals
        }
    }

    /// The longest distance between two frames, the earliest of equals; `nil` for fewer than two frames.
    package var longestGap: Gap? {
        self.ticks.indices.dropLast().lazy
            .map { Gap(position: $0, ticks: self.ticks[$0 + 1] - self.ticks[$0]) }
            .max { ($0.ticks, $1.position) < ($1.ticks, $0.position) }
    }

    /// Seconds in a number of ticks.
    package func seconds(ofTicks ticks: Int64) -> Double {
        Double(ticks) * Double(self.timeBase.numerator) / Double(self.timeBase.denominator)
    }
}
