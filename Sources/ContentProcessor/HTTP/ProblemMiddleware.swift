import Domain
import ContentPipeline
import DatasetBuilder
import Failures
import Hummingbird
import Logging
import NIOHTTP1

/// Turns every error into a problem answer, so that no route has to.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = Self.problem(error, for: request)
            if problem.status.kind == .serverError {
                context.logger.error("request failed", metadata: ["error": "\(error)"])
            }
            return try problem.response(to: context.requestId)
        }
    }

    private static func problem(_ error: any Error, for request: Request) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let rejection as IntakeRejection: Problem(rejection)
        case let rejection as DatasetIntake.Rejection: Problem(rejection)
        case let error as HTTPParserError: Problem(error)
        case let error as any HTTPResponseError: Problem(error, for: request)
        default: Problem(AttemptPolicy.Failure(error))
        }
    }
}
