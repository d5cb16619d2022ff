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

    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let headerKey = Self.headerKey(request.headers)
        if let headerKey, !self.keys.accepts(headerKey) { throw Problem.unauthorized }
        var context = context
        context.fields = try await Self.fields(of: request, context: context)
        if headerKey == nil {
            guard let key = context.fields["auth_key"], self.keys.accepts(key) else { throw Problem.unauthorized }
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
            body = try await request.body.collect(upTo: context.maxUploadSize)
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

extension HTTPField.Name {
    /// A name that is a token by RFC 9110 always gives a value here.
    static let apiKey = HTTPField.Name("X-API-Key") ?? .authorization
    static let prefer = HTTPField.Name("Prefer") ?? .authorization
}
