/// The presentation times of a video's frames, as a player shows them.
///
/// Frames are in presentation order and their ticks ascend strictly. Positions count from 0; the
/// frame *numbers* of documents count from 1.
package struct FrameTimeline: Sendable {
    /// Presentation times in ``timeBase`` work items, as the container counts them (the first may be any value).
    package let ticks: [Int64]
    /// Seconds in one tick.
    package let timeBase: Rational

    /// - Precondition: `ticks` ascends strictly.
    package init(ticks: [Int64], timeBase: Rational) {
        self.ticks = ticks
        self.timeBase = timeBase
    }

    package var frameCount: Int { self.ticks.count }

    /// Seconds from the first frame to the frame at `position`.
    package func seconds(at position: Int) -> Double {
        Double((self.ticks[position] - self.ticks[0]) * self.timeBase.numerator) / Double(self.timeBase.denominator)
    }

    /// Frames per second over the whole video; `nil` for a single frame, which has no rate.
    package var meanFrameRate: Double? {
        guard let first = self.ticks.first, let last = self.ticks.last, last > first else { return nil }
        return Double(self.frameCount - 1) * Double(self.timeBase.denominator)
            / (Double(last - first) * Double(self.timeBase.numerator))
    }
}

extension FrameTimeline {
    /// Frames a second of clips that are made of images.
    package static let imageRate = 4

    /// One frame for each of `count` images.
    package init(imageCount: Int) {
        self.init(
            ticks: (0..<Int64(imageCount)).map { $0 },
            timeBase: Rational(1, Int64(Self.imageRate)))
    }
}
