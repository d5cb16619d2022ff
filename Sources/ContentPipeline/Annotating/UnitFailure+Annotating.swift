internal import Annotation
internal import AutoAnnotation

extension UnitFailure {
    /// Runs `body` and turns what goes wrong with versions and engines into a unit's fate.
    static func ofAnnotating<Success>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Success
    ) async throws -> Success {
        do {
            return try await body()
        } catch let failure as AnnotationFailure {
            throw UnitFailure.permanent(failure.status, failure.message)
        } catch let error as EngineError {
            throw UnitFailure(error)
        }
    }

    private init(_ error: EngineError) {
        self =
            switch error.code {
            case .notInstalled: .permanent(501, error.message)
            case .badModel: .permanent(422, error.message)
            // Both may pass: a server that is started anew, a proxy that answers in its place.
            case .unavailable: .attempt(503, error.message)
            case .badAnswer: .attempt(502, error.message)
            case .failed: .attempt(500, error.message)
            case .cancelled: .leaseLost
            }
    }
}
