import HTTPTypes
import Hummingbird

/// Answers 405 with the methods that there are, where a path is a route's and the method is not.
///
/// Added after the routes, so that only requests without a route come here.
struct MethodNotAllowed: RouterMiddleware {
    private let routes: [(path: RouterPath, method: HTTPRequest.Method)]

    init(router: Router<APIRequestContext>) {
        self.routes = router.routes.map { ($0.path, $0.method) }
    }

    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let methods = self.methods(at: request.uri.path).map(\.rawValue).sorted().joined(separator: ", ")
        guard !methods.isEmpty else { return try await next(request, context) }
        throw Problem(405, "\(request.uri.path) knows only \(methods).", headers: [.allow: methods])
    }

    /// Where there is GET, the router makes HEAD of it.
    private func methods(at path: String) -> Set<HTTPRequest.Method> {
        let parts = path.split(separator: "/")
        let methods = self.routes.filter { route in
            route.path.count == parts.count && zip(route.path, parts).allSatisfy { $0 ~= $1 }
        }.map(\.method)
        return Set(methods).union(methods.contains(.get) ? [.head] : [])
    }
}
