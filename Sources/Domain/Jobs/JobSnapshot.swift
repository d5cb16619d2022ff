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
