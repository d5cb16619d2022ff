package import Domain
package import Archives
package import AutoAnnotation
package import FrameKit
package import MongoStore
package import ObjectStore

/// The one table from the errors of all modules to what becomes of a job, a request or a command.
///
/// Each row switches over every code, so a new code does not compile until its row is here. The sentences reach
/// clients: they hold no text of a driver, no host, no collection and no descriptor. The log gets the error itself.
extension AttemptPolicy.Failure {
    package init(_ error: any Error) {
        switch error {
        case let error as WorkFailure: self = error.failure
        case let error as MediaError: self.init(error)
        case let error as ArchiveError: self.init(error)
        case let error as BlobError: self.init(error)
        case let error as StoreError: self.init(error)
        case let error as EngineError: self.init(error)
        case let error as AnnotationFailure: self = .permanent(JobError(code: error.status, message: error.message))
        case is CancellationError: self = .leaseLost
        default: self = .attempt(.internalError)
        }
    }

    package init(_ error: MediaError) {
        switch error.code {
        case .inaccessible, .unreadable, .limitExceeded:
            self = .permanent(JobError(code: 422, message: error.message))
        case .sourceChanged: self = WorkFailure.sourceChanged.failure
        case .cancelled: self = .leaseLost
        case .noSpace: self = .dependency(JobError(code: 507, message: error.message))
        case .outOfMemory, .inputOutput, .encoderFailure:
            self = .attempt(JobError(code: 500, message: error.message))
        }
    }

    package init(_ error: ArchiveError) {
        switch error.code {
        case .invalidData: self = .permanent(JobError(code: 422, message: error.message))
        case .inputOutput: self = .dependency(JobError(code: 507, message: error.message))
        case .outOfMemory: self = .attempt(JobError(code: 500, message: error.message))
        }
    }

    package init(_ error: BlobError) {
        switch error.code {
        case .unavailable:
            self = .dependency(JobError(code: 503, message: "The object store does not answer; try again later."))
        case .denied:
            self = .dependency(
                JobError(
                    code: 503,
                    message: "The object store refuses the service's keys, bucket or rights; an operator must act."))
        case .full: self = .dependency(JobError(code: 507, message: "The object store has no space left."))
        case .unreadable:
            self = .attempt(
                JobError(code: 500, message: "An object is missing from the store, or is not what was put."))
        case .refused:
            self = .attempt(JobError(code: 500, message: "The object store refused a request; the log tells which."))
        }
    }

    package init(_ error: StoreError) {
        switch error.code {
        case .unavailable:
            self = .dependency(JobError(code: 503, message: "The database does not answer; try again later."))
        case .denied:
            self = .dependency(
                JobError(
                    code: 503, message: "The database refuses the service's name or rights; an operator must act."))
        case .invalid:
            self = .permanent(
                JobError(
                    code: 500,
                    message: "A document in the database cannot be read or is too large; the log tells which."))
        case .duplicateKey:
            self = .attempt(JobError(code: 500, message: "The database has another document of the same key."))
        case .refused:
            self = .attempt(JobError(code: 500, message: "The database refused a command; the log tells which."))
        }
    }

    package init(_ error: EngineError) {
        switch error.code {
        case .notInstalled: self = .permanent(JobError(code: 501, message: error.message))
        case .badModel: self = .permanent(JobError(code: 422, message: error.message))
        // Both may pass: a server that is restarted, a proxy that answers in its place.
        case .unavailable:
            self = .attempt(JobError(code: 503, message: "The inference server does not answer; try again later."))
        case .badAnswer: self = .attempt(JobError(code: 502, message: error.message))
        case .failed: self = .attempt(JobError(code: 500, message: error.message))
        case .cancelled: self = .leaseLost
        }
    }
}
