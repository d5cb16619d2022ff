/// A unit's own reason to stop, beside the errors of the modules that it uses.
package struct UnitFailure: Error, Hashable, Sendable {
    package let failure: AttemptPolicy.Failure

    package init(failure: AttemptPolicy.Failure) { self.failure = failure }

    package static let notYet = UnitFailure(failure: .notYet)
    package static let leaseLost = UnitFailure(failure: .leaseLost)

    /// Ends the job with an HTTP status and a sentence.
    package static func permanent(_ code: Int, _ message: String) -> UnitFailure {
        UnitFailure(failure: .permanent(JobError(code: code, message: message)))
    }

    /// Counts as a failed attempt of the unit.
    package static func attempt(_ code: Int, _ message: String) -> UnitFailure {
        UnitFailure(failure: .attempt(JobError(code: code, message: message)))
    }

    package static let sourceChanged = UnitFailure.permanent(
        409, "The source file changed since the job began; send force_write=1 to process it anew.")
}
