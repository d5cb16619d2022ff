/// After what time things are removed; `nil` keeps them.
package struct RetentionRules: Hashable, Sendable {
    /// Since an upload is complete, for its source.
    package let sources: Duration?
    /// Since it was last written to, for a work file that nobody uses.
    package let workFiles: Duration?
    /// Since the last job of an upload or dataset version ended, for its documents.
    package let jobs: Duration?

    package init(sources: Duration?, workFiles: Duration?, jobs: Duration?) {
        self.sources = sources
        self.workFiles = workFiles
        self.jobs = jobs
    }

    package var keepsEverything: Bool { self.sources == nil && self.workFiles == nil && self.jobs == nil }
}
