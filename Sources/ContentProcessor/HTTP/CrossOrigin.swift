import HTTPTypes
import Hummingbird

/// Lets pages of the configured origins call from a browser (`[App] cors_origins`; <https://fetch.spec.whatwg.org>).
///
/// Keys travel in headers and never as cookies, so no credentials are allowed.
struct CrossOrigin: RouterMiddleware {
    /// In lower case, as browsers send them.
    let origins: [String]

    private static let secondsToRemember = 600

    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin], self.origins.contains(origin) else {
            return try await next(request, context)
        }
        let isPreflight = request.method == .options && request.headers[.accessControlRequestMethod] != nil
        var response = try await isPreflight ? Self.preflight : next(request, context)
        response.headers[.accessControlAllowOrigin] = origin
        response.headers.append(HTTPField(name: .vary, value: "Origin"))
        response.headers[.accessControlExposeHeaders] = "Retry-After, X-Request-Id"
        return response
    }

    private static let preflight = Response(
        status: .noContent,
        headers: [
            .accessControlAllowMethods: "GET, POST, DELETE",
            .accessControlAllowHeaders: "Authorization, Content-Type, Last-Event-ID, Prefer, X-API-Key",
            .accessControlMaxAge: "\(Self.secondsToRemember)",
        ])
}
