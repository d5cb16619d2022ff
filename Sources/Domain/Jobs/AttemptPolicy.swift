/// What becomes of a work item whose attempt did not succeed.
package struct AttemptPolicy: Hashable, Sendable {
    /// Failed attempts after which the job is quarantined.
    package let attemptLimit: Int
    /// Lost leases after which the job is quarantined.
    package let lossLimit: Int

    package init(attemptLimit: Int, lossLimit: Int = 20) {
        self.attemptLimit = attemptLimit
        self.lossLimit = lossLimit
    }

    /// What went wrong, in terms of whether another attempt can help.
    package enum Failure: Hashable, Sendable {
        /// Another attempt would end the same way.
        case permanent(JobError)
        /// The attempt itself failed.
        case attempt(JobError)
        /// Something that the work item needs is away; the attempt does not count.
        case dependency(JobError)
        /// Other work must end first.
        case notYet
        /// The lease is gone: someone else has the work item, or the job has ended.
        case leaseLost

        /// What a client is told; `nil` when the work only waits or has passed to another worker.
        package var error: JobError? {
            switch self {
            case .permanent(let error), .attempt(let error), .dependency(let error): error
            case .notYet, .leaseLost: nil
            }
        }
    }

    package enum Verdict: Hashable, Sendable {
        case retry(after: Duration, countsAsAttempt: Bool, error: JobError?)
        case end(JobState, JobError)
        /// Leave the work item alone.
        case abandon
    }

    /// Why a work item is not to be tried at all; `nil` when it may be. Crashes of its workers are seen only here.
    package func exhaustion(of item: WorkItem) -> JobError? {
        if item.attempts >= self.attemptLimit {
            let last = item.error ?? JobError(code: 500, message: "The \(item.work) failed.")
            return JobError(code: last.code, message: "\(last.message) (\(item.attempts) attempts)")
        }
        guard item.losses >= self.lossLimit else { return nil }
        return JobError(code: 500, message: "The \(item.work) lost \(item.losses) workers.")
    }

    /// - Parameters:
    ///   - failure: how the present attempt ended.
    ///   - attempts: failed attempts before this one.
    package func verdict(on failure: Failure, attempts: Int) -> Verdict {
        switch failure {
        case .permanent(let error):
            .end(.failed, error)
        case .attempt(let error) where attempts + 1 >= self.attemptLimit:
            .end(.quarantined, JobError(code: error.code, message: "\(error.message) (\(attempts + 1) attempts)"))
        case .attempt(let error):
            .retry(after: .seconds(1 << min(attempts, 6)), countsAsAttempt: true, error: error)
        case .dependency(let error):
            .retry(after: .seconds(2), countsAsAttempt: false, error: error)
        case .notYet:
            .retry(after: .milliseconds(300), countsAsAttempt: false, error: nil)
        case .leaseLost:
            .abandon
        }
    }
}

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
