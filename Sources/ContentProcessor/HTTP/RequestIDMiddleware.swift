import HTTPTypes
import Hummingbird
import Logging

/// Gives every request an id, the client's own where it sent a good one, and tells of every answer in the log:
/// of those to GET requests, which monitors send all day, only at the level debug.
struct RequestIDMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let own = request.headers[.requestId].flatMap(RequestID.init) { context.requestId = own }
        // Hummingbird's own name and number.
        context.logger[metadataKey: "hb.request.id"] = nil
        context.logger[metadataKey: "request"] = "\(context.requestId)"
        var response = try await next(request, context)
        response.headers[.requestId] = context.requestId.description
        context.logger.log(
            level: request.method == .get ? .debug : .info, "answered",
            metadata: [
                "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
            ])
        return response
    }
}

extension HTTPField.Name {
    /// A name that is a token by RFC 9110 always gives a value here.
    static let requestId = HTTPField.Name(constant: "X-Request-Id")
}

/// What the lines of the log, the answer and the client call one request.
struct RequestID: Hashable, Sendable, CustomStringConvertible {
    let description: String

    /// A new one: 16 hexadecimal digits.
    init() {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        self.description = String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The client's own, when it is a short and harmless word.
    init?(_ text: String) {
        let isHarmless = text.utf8.allSatisfy { byte in
            let scalar = Unicode.Scalar(byte)
            return scalar.isASCII
                && (Character(scalar).isLetter || Character(scalar).isNumber || "-_.".contains(Character(scalar)))
        }
        guard (1...64).contains(text.utf8.count), isHarmless else { return nil }
        self.description = text
    }
}
