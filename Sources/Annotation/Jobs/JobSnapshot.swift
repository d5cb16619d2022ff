/// A job at one moment: its document, and what its units say.
package struct JobSnapshot: Hashable, Sendable {
    package let job: JobOutline
    package let progress: JobProgress
    package let trouble: JobTrouble?

    package init(job: JobOutline, progress: JobProgress, trouble: JobTrouble?) {
        self.job = job
        self.progress = progress
        self.trouble = trouble
    }
}
