/// How fast work goes and how long it will take, from what is done so far.
package struct WorkPace: Hashable, Sendable {
    package let framesPerSecond: Double
    /// What the rest takes at this pace.
    package let remaining: Duration

    /// `nil` while nothing is done, which tells no pace.
    package init?(_ progress: JobProgress, after elapsed: Duration) {
        let seconds = elapsed / .seconds(1)
        guard progress.framesDone > 0, seconds > 0 else { return nil }
        self.framesPerSecond = Double(progress.framesDone) / seconds
        let framesLeft = max(0, progress.frameCount - progress.framesDone)
        self.remaining = .seconds(Double(framesLeft) / self.framesPerSecond)
    }
}
