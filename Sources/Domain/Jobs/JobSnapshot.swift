package import FoundationEssentials

/// A job at one moment: its document, and what its work items say.
package struct JobSnapshot: Hashable, Sendable {
    package let job: JobHeader
    package let progress: JobProgress
    package let stall: JobStall?

    package init(job: JobHeader, progress: JobProgress, stall: JobStall?) {
        self.job = job
        self.progress = progress
        self.stall = stall
    }
}

/// Parts of a job that are done, and their frames: counted as each part is completed, and made exact when the job ends.
///
/// A worker that is killed between a part's completion and its count leaves both one part short until then.
package struct JobCounts: Codable, Hashable, Sendable {
    package let parts: Int
    package let frames: Int

    package init(parts: Int, frames: Int) {
        self.parts = parts
        self.frames = frames
    }

    package static let zero = JobCounts(parts: 0, frames: 0)
}

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

    /// - Parameters:
    ///   - plan: `nil` before the job has been planned.
    ///   - runningFrames: done by attempts at parts that are not done.
    package init(_ counts: JobCounts, runningFrames: Int = 0, of plan: PlanSummary?) {
        self.init(
            partsDone: counts.parts, partCount: plan?.partCount ?? 0, framesDone: counts.frames + runningFrames,
            frameCount: plan?.frameCount ?? 0)
    }

    /// 0…99: only the end of a job makes it 100.
    package var percent: Int {
        guard self.frameCount > 0 else { return 0 }
        return min(99, max(0, 100 * self.framesDone / self.frameCount))
    }
}

/// Why a job that continues is late.
package struct JobStall: Codable, Hashable, Sendable {
    /// What the last attempt at one of its work items ended with.
    package let error: JobError
    /// Since when attempts at that work item have failed.
    package let since: Date?

    private enum CodingKeys: String, CodingKey {
        case error
        case since = "troubledSince"
    }
}
