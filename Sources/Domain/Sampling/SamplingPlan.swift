/// Which source frames are kept, and in which clip each of them lies.
///
/// The rule (`docs/architecture.md`, "Sampling"): instants are k / rate seconds after the first frame, k = 0, 1, …
/// while k / rate < last + d / 2, where d is the smaller of 1 / rate and the mean frame interval. Each instant keeps
/// the frame nearest to it, the earlier one on a tie, and a frame is never kept twice. All arithmetic is exact.
package struct SamplingPlan: Hashable, Sendable {
    /// Positions in the timeline, from 0, of all kept frames, ascending.
    package let kept: [Int32]
    /// Frames per second of every clip.
    package let frameRate: Int
    /// Frames in every clip but the last, which may be shorter.
    package let framesPerClip: Int

    /// Plans the clips of a video.
    ///
    /// - Parameters:
    ///   - timeline: the source's frames; an empty one gives a plan without clips.
    ///   - frameRate: frames to keep per second, at least 1.
    ///   - framesPerClip: at least 1.
    package init(sampling timeline: FrameTimeline, frameRate: Int, framesPerClip: Int) {
        precondition(frameRate > 0 && framesPerClip > 0, "a plan needs a positive rate and clip length")
        self.kept = Self.keptPositions(of: timeline, frameRate: Int128(frameRate))
        self.frameRate = frameRate
        self.framesPerClip = framesPerClip
    }

    package var clipCount: Int { (self.kept.count + self.framesPerClip - 1) / self.framesPerClip }

    /// The clip at `index`, from 0.
    package func clip(at index: Int) -> ClipPlan {
        let start = index * self.framesPerClip
        let end = min(start + self.framesPerClip, self.kept.count)
        return ClipPlan(index: index, frameRate: self.frameRate, positions: self.kept[start..<end])
    }

    /// Every clip in order.
    package var clips: some RandomAccessCollection<ClipPlan> & Sendable {
        (0..<self.clipCount).lazy.map { [self] in self.clip(at: $0) }
    }
}

/// One clip of a ``SamplingPlan``.
package struct ClipPlan: Hashable, Sendable {
    /// The clip's place in its upload, from 0.
    package let index: Int
    /// Constant frames per second of the clip.
    package let frameRate: Int
    /// Positions in the source's timeline, from 0, ascending; never empty.
    package let positions: ArraySlice<Int32>

    package init(index: Int, frameRate: Int, positions: ArraySlice<Int32>) {
        self.index = index
        self.frameRate = frameRate
        self.positions = positions
    }

    package var frameCount: Int { self.positions.count }

    /// Source frame numbers as documents count them, from 1.
    package var frameNumbers: [Int] { self.positions.map { Int($0) + 1 } }
}

extension SamplingPlan {
    /// Times become integers by scaling seconds with `timeBase.denominator × frameRate`: a tick is then
    /// `timeBase.numerator × frameRate` long and an instant comes every `timeBase.denominator`.
    private static func keptPositions(of timeline: FrameTimeline, frameRate: Int128) -> [Int32] {
        guard let first = timeline.ticks.first, let end = timeline.ticks.last else { return [] }
        let tick = Int128(timeline.timeBase.numerator) * frameRate
        let step = Int128(timeline.timeBase.denominator)
        func time(_ position: Int) -> Int128 { Int128(timeline.ticks[position] - first) * tick }

        let last = Int128(end - first) * tick
        let intervals = Int128(timeline.frameCount - 1)
        // k·step < last + d/2 with d = min(step, last / intervals), multiplied by 2·intervals to stay whole.
        func isInside(_ instant: Int128) -> Bool {
            guard intervals > 0 else { return instant == 0 }
            return 2 * intervals * instant < 2 * intervals * last + min(step * intervals, last)
        }

        var kept: [Int32] = []
        var nearest = 0
        var instant: Int128 = 0
        while isInside(instant) {
            // Nearness to ascending instants only moves forward; `<` keeps the earlier frame on a tie.
            while nearest + 1 < timeline.frameCount,
                abs(time(nearest + 1) - instant) < abs(time(nearest) - instant)
            {
                nearest += 1
            }
            if kept.last != Int32(nearest) { kept.append(Int32(nearest)) }
            instant += step
        }
        return kept
    }
}
