/// A work item's own reason to stop, beside the errors of the modules that it uses.
package struct WorkFailure: Error, Hashable, Sendable {
    package let failure: AttemptPolicy.Failure

    package init(failure: AttemptPolicy.Failure) { self.failure = failure }

    package static let notYet = WorkFailure(failure: .notYet)
    package static let leaseLost = WorkFailure(failure: .leaseLost)

    /// Ends the job with an HTTP status and a sentence.
    package static func permanent(_ code: Int, _ message: String) -> WorkFailure {
        WorkFailure(failure: .permanent(JobError(code: code, message: message)))
    }

    /// Counts as a failed attempt of the work item.
    package static func attempt(_ code: Int, _ message: String) -> WorkFailure {
        WorkFailure(failure: .attempt(JobError(code: code, message: message)))
    }

    package static let sourceChanged = WorkFailure.permanent(
        409, "The source file changed since the job began; send force_write=1 to process it anew.")
}
