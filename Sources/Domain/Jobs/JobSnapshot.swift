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
