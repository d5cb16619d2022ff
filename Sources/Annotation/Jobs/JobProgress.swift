/// How far a job is.
package struct JobProgress: Hashable, Sendable {
    package let clipsDone: Int
    package let clipCount: Int
    package let framesDone: Int
    package let frameCount: Int

    package init(clipsDone: Int, clipCount: Int, framesDone: Int, frameCount: Int) {
        self.clipsDone = clipsDone
        self.clipCount = clipCount
        self.framesDone = framesDone
        self.frameCount = frameCount
    }

    /// 0…99: only the end of a job makes it 100.
    package var percent: Int {
        guard self.frameCount > 0 else { return 0 }
        return min(99, max(0, 100 * self.framesDone / self.frameCount))
    }
}
