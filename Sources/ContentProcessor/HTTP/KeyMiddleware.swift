import HTTPTypes
import Hummingbird
import ServiceConfiguration

/// Lets nobody past without a key: `Authorization: Bearer`, `X-API-Key`, or the body's field `auth_key`.
///
/// What is behind it finds the body's fields in the context. A header's key is looked at before the body is read, so that
/// nothing is told about a body to somebody whose key is wrong.
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
        context.fields = try await BodyFields.read(request, limit: context.maxUploadSize)
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
}

extension HTTPField.Name {
    static let apiKey = HTTPField.Name(constant: "X-API-Key")
    static let prefer = HTTPField.Name(constant: "Prefer")
    static let link = HTTPField.Name(constant: "Link")

    /// A name that is a token by RFC 9110, section 5.1, as every constant here is.
    init(constant name: StaticString) {
        guard let name = HTTPField.Name("\(name)") else { preconditionFailure("\(name) is no field name") }
        self = name
    }
}
