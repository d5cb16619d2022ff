/// How far a job is.
package struct JobProgress: Hashable, Sendable {
    package let partsDone: Int
    package let partCount: Int
    package let framesDone: Int
    package let frameCount: Int

    package init(partsDone: Int, partCount: Int, framesDone: Int, frameCount: Int) {
        self.partsDone = partsDone
        self.partCount = partCount
        self.framesDone = framesDone
        self.frameCount = frameCount
    }

    /// 0…99: only the end of a job makes it 100.
    package var percent: Int {
        guard self.frameCount > 0 else { return 0 }
        return min(99, max(0, 100 * self.framesDone / self.frameCount))
    }
}
