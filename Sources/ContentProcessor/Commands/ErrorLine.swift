import Domain
import ArgumentParser
import AutoAnnotation
import Bootstrap
import ContentPipeline
import FrameKit

/// Ends a command that failed with one line on standard error and status 1.
enum ErrorLine {
    static func ending<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let interruption as Interruption {
            StandardError.write("content-processor: cancelled")
            throw interruption.status
        } catch {
            StandardError.write("content-processor: \(self.text(of: error))")
            throw ExitCode.failure
        }
    }

    /// The sentence for a person, without the names of C calls.
    static func text(of error: any Error) -> String {
        switch error {
        case let error as MediaError: error.message
        // The process that this one works for has ended.
        case is CancellationError: "cancelled"
        case let failure as WorkFailure: failure.failure.error?.message ?? "Something else is at work on it."
        case let error as EngineError: error.message
        case let failure as AnnotationFailure: failure.message
        default: "\(error)"
        }
    }
}
