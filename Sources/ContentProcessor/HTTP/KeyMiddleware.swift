import HTTPTypes
import Hummingbird
import NIOCore
import RequestForm
import ServiceConfiguration

/// Lets nobody past without a key: `Authorization: Bearer`, `X-API-Key`, or the body's field `auth_key`.
///
/// The body is read here, since a key may be in it; what is behind finds the fields in the context. A header's key is
/// looked at first, so that nothing is told about a body to somebody who has none.
struct KeyMiddleware: RouterMiddleware {
    let keys: KeyRing
    /// Whether requests without any key are refused; a wrong key always is.
    var isKeyNeeded = true

    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let headerKey = Self.headerKey(request.headers)
        if let headerKey, !self.keys.accepts(headerKey) { throw Problem.unauthorized }
        var context = context
        if ModelUpload.isModel(request) {
            // Too large to be read here: the route streams it to a file. No key is in it.
            guard headerKey != nil else { throw Problem.unauthorized }
            context.fields = try request.parameters()
            return try await next(request, context)
        }
        context.fields = try await Self.fields(of: request, context: context)
        if headerKey == nil {
            let key = context.fields["auth_key"]
            guard key.map(self.keys.accepts) ?? !self.isKeyNeeded else { throw Problem.unauthorized }
        }
        return try await next(request, context)
    }

    private static func headerKey(_ headers: HTTPFields) -> String? {
        if let text = headers[.authorization] {
            let parts = text.split(separator: " ", maxSplits: 1)
            return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : ""
        }
        return headers[.apiKey]
    }

    private static func fields(of request: Request, context: APIRequestContext) async throws -> [String: String] {
        let body: ByteBuffer
        do {
            body = try await Self.withinPatience {
                try await request.body.collect(upTo: context.maxUploadSize)
            }
        } catch is NIOTooManyBytesError {
            throw Problem(413, "The body has more than \(context.maxUploadSize) bytes.")
        }
        do {
            return try RequestForm(contentType: request.headers[.contentType], body: Array(body.readableBytesView))
                .fields
        } catch {
            throw Problem(error)
        }
    }
}

extension KeyMiddleware {
    /// How long a client may take to send a body of at most 64 KiB.
    private static let patience = Duration.seconds(20)

    /// What `body` gives, or 408 when it takes longer: somebody who sends a byte now and then holds no connection.
    private static func withinPatience<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: Self.patience)
                throw Problem(408, "The body did not arrive within 20 seconds.")
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}

extension HTTPField.Name {
    /// A name that is a token by RFC 9110 always gives a value here.
    static let apiKey = HTTPField.Name("X-API-Key") ?? .authorization
    static let prefer = HTTPField.Name("Prefer") ?? .authorization
}
