import Domain
import ObjectStore
import Testing

@testable import Archives
@testable import AutoAnnotation
@testable import Failures
@testable import FrameKit
@testable import MongoStore

/// The table from errors to what becomes of a job and a request, row by row.
@Suite struct FailureTableTests {
    /// One row: whether another attempt can help, and the status that a client gets.
    enum Row: Equatable {
        case permanent(Int)
        case attempt(Int)
        /// Waits until what is away is back; the attempt does not count.
        case dependency(Int)
        case leaseLost

        init(_ failure: AttemptPolicy.Failure) {
            switch failure {
            case .permanent(let error): self = .permanent(error.code)
            case .attempt(let error): self = .attempt(error.code)
            case .dependency(let error): self = .dependency(error.code)
            case .notYet, .leaseLost: self = .leaseLost
            }
        }
    }

    /// What drivers say: none of it may reach a client.
    private static let secret = "mongodb://db7.internal:27017 ContentJobUnit /proc/self/fd/13 preset=veryfast"

    @Test(arguments: MediaError.Code.allCases)
    func mediaErrorsEndWhereTheUploadIsAtFault(_ code: MediaError.Code) {
        let rows: [MediaError.Code: Row] = [
            .inaccessible: .permanent(422), .unreadable: .permanent(422), .limitExceeded: .permanent(422),
            .sourceChanged: .permanent(409), .cancelled: .leaseLost, .noSpace: .dependency(507),
            .outOfMemory: .attempt(500), .inputOutput: .attempt(500), .encoderFailure: .attempt(500),
        ]
        #expect(Row(.init(MediaError(code, "cam.mp4 is bad", from: "call"))) == rows[code])
    }

    @Test(arguments: ArchiveError.Code.allCases)
    func archiveErrorsEndWhereTheArchiveIsAtFault(_ code: ArchiveError.Code) {
        let rows: [ArchiveError.Code: Row] = [
            .invalidData: .permanent(422), .inputOutput: .dependency(507), .outOfMemory: .attempt(500),
        ]
        #expect(Row(.init(ArchiveError(code, "photos.zip is bad", from: "call"))) == rows[code])
    }

    @Test(arguments: BlobError.Code.allCases)
    func aStoreThatIsAwayIsWaitedForAndNotNamed(_ code: BlobError.Code) {
        let rows: [BlobError.Code: Row] = [
            .unavailable: .dependency(503), .denied: .dependency(503), .full: .dependency(507),
            .unreadable: .attempt(500), .refused: .attempt(500),
        ]
        let failure = AttemptPolicy.Failure(BlobError(code: code, subject: Self.secret, message: Self.secret))
        #expect(Row(failure) == rows[code])
        #expect(failure.error?.message.contains("internal") == false)
    }

    @Test(arguments: StoreError.Code.allCases)
    func aDatabaseThatIsAwayIsWaitedForAndWhatNeverHealsIsNot(_ code: StoreError.Code) {
        let rows: [StoreError.Code: Row] = [
            .unavailable: .dependency(503), .denied: .dependency(503), .invalid: .permanent(500),
            .duplicateKey: .attempt(500), .refused: .attempt(500),
        ]
        let failure = AttemptPolicy.Failure(StoreError(code, call: "find ContentJobUnit", message: Self.secret))
        #expect(Row(failure) == rows[code])
        #expect(failure.error?.message.contains("internal") == false)
        #expect(failure.error?.message.contains("ContentJobUnit") == false)
    }

    @Test(arguments: EngineError.Code.allCases)
    func enginesFailByTheirOwnStatus(_ code: EngineError.Code) {
        let rows: [EngineError.Code: Row] = [
            .notInstalled: .permanent(501), .badModel: .permanent(422), .unavailable: .attempt(503),
            .badAnswer: .attempt(502), .failed: .attempt(500), .cancelled: .leaseLost,
        ]
        #expect(Row(.init(EngineError(code, "The model is bad."))) == rows[code])
    }

    @Test func theHostOfAnInferenceServerIsNotTold() {
        let failure = AttemptPolicy.Failure(EngineError(.unavailable, "http://gpu3.internal:8000 is away: refused"))
        #expect(failure.error?.message.contains("internal") == false)
    }

    @Test func anErrorOfNoModuleIsTriedAgainAndNotQuoted() {
        struct Unknown: Error { let text = FailureTableTests.secret }
        let failure = AttemptPolicy.Failure(Unknown() as any Error)
        #expect(Row(failure) == .attempt(500))
        #expect(failure.error?.message == JobError.internalError.message)
    }

    @Test func aStepsOwnFailureStaysWhatItIs() {
        #expect(AttemptPolicy.Failure(WorkFailure.notYet as any Error) == .notYet)
        #expect(Row(.init(WorkFailure.permanent(413, "too large") as any Error)) == .permanent(413))
        #expect(Row(.init(CancellationError() as any Error)) == .leaseLost)
        #expect(Row(.init(AnnotationFailure.conflict("taken") as any Error)) == .permanent(409))
    }
}
