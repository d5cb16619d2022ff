internal import Annotation
internal import FrameKit
internal import MongoStore

extension AttemptPolicy.Failure {
    /// The one place where errors of the lower tiers become a unit's fate.
    init(_ error: any Error) {
        switch error {
        case let error as UnitFailure: self = error.failure
        case is CancellationError: self = .leaseLost
        case let error as MediaError: self.init(media: error)
        case let error as BlobError: self.init(blob: error)
        case let error as StoreError: self.init(store: error)
        default: self = .attempt(JobError(code: 500, message: "\(error)"))
        }
    }

    private init(media error: MediaError) {
        let message = error.message
        switch error.code {
        case .inaccessible, .unreadable, .limitExceeded: self = .permanent(JobError(code: 422, message: message))
        case .sourceChanged: self = UnitFailure.sourceChanged.failure
        case .cancelled: self = .leaseLost
        case .noSpace: self = .dependency(JobError(code: 507, message: message))
        case .outOfMemory, .inputOutput, .encoderFailure: self = .attempt(JobError(code: 500, message: message))
        }
    }

    private init(blob error: BlobError) {
        let message = "Object store: \(error)"
        switch error.code {
        case .unavailable, .denied: self = .dependency(JobError(code: 503, message: message))
        case .full: self = .dependency(JobError(code: 507, message: message))
        case .unreadable, .refused: self = .attempt(JobError(code: 500, message: message))
        }
    }

    private init(store error: StoreError) {
        let message = "MongoDB: \(error)"
        switch error.code {
        case .unavailable, .denied: self = .dependency(JobError(code: 503, message: message))
        default: self = .attempt(JobError(code: 500, message: message))
        }
    }
}
