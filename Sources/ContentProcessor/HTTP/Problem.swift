import Domain
import ContentPipeline
import DatasetBuilder
import Failures
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import RequestForm

/// What went wrong with a request, as RFC 9457 `application/problem+json`.
///
/// Besides the standard members it has `message`, one plain sentence, and `errors` for bad fields.
struct Problem: Error, Sendable {
    let status: HTTPResponse.Status
    let message: String
    var errors: [FieldError] = []
    var retryAfter: Duration?
    /// What this kind of problem says in headers of its own.
    var headers: HTTPFields = [:]

    init(
        _ code: Int, _ message: String, errors: [FieldError] = [], retryAfter: Duration? = nil,
        headers: HTTPFields = [:]
    ) {
        // HTTPTypes knows no phrases for numbers; NIO does, but for nginx's of a cancelled request.
        let phrase = code == 499 ? "Client Closed Request" : HTTPResponseStatus(statusCode: code).reasonPhrase
        self.status = HTTPResponse.Status(code: code, reasonPhrase: phrase)
        self.message = message
        self.errors = errors
        // What is away now may be there soon.
        self.retryAfter = retryAfter ?? ([503, 507].contains(code) ? .seconds(5) : nil)
        self.headers = headers
    }

    static let unauthorized = Problem(
        401, "The key is missing or wrong; send auth_key, Authorization: Bearer or X-API-Key.")

    static func notFound(_ message: String) -> Problem { Problem(404, message) }
}

// MARK: The one place where errors become answers

extension Problem {
    init(_ rejection: IntakeRejection) {
        var errors: [FieldError] = []
        var retryAfter: Duration?
        if case .badFields(let fields) = rejection { errors = fields }
        if case .queueFull(let delay) = rejection { retryAfter = delay }
        self.init(rejection.status, rejection.message, errors: errors, retryAfter: retryAfter)
    }

    init(_ rejection: DatasetIntake.Rejection) {
        switch rejection {
        case .unknownVersion: self.init(404, rejection.description)
        case .queueFull: self.init(429, rejection.description, retryAfter: .seconds(30))
        case .busy: self.init(503, rejection.description)
        }
    }

    init(_ error: RequestFormError) {
        switch error {
        case .unsupportedType(let reason):
            self.init(415, "The body cannot be read: \(reason).")
        case .malformed(let reason):
            self.init(400, "The body cannot be read: \(reason).")
        case .invalidFields(let problems):
            let errors = problems.map { FieldError(field: $0.field, message: "\($0.field) \($0.message).") }
            self.init(400, errors.map(\.message).joined(separator: " "), errors: errors)
        }
    }

    init(_ error: JobError) {
        self.init(error.code, error.message)
    }

    /// What the errors of the other modules mean, by the one table for jobs and requests.
    init(_ failure: AttemptPolicy.Failure) {
        self.init(failure.error ?? JobError(code: 503, message: "The service is stopping; send the request again."))
    }

    /// A body or request line that breaks HTTP's framing; what follows on the connection cannot be understood.
    init(_ error: HTTPParserError) {
        self.init(
            400, "The request breaks the rules of HTTP's framing: \(error).", headers: [.connection: "close"])
    }

    /// Errors of the router and the server, such as an unknown path.
    init(_ error: any HTTPResponseError, for request: Request) {
        let isUnknownRoute = error.status == .notFound
        let message = isUnknownRoute ? "There is no route \(request.method) \(request.uri.path)." : nil
        self.init(error.status.code, message ?? (error as? HTTPError)?.body ?? "\(error.status.reasonPhrase).")
    }
}

extension Problem {
    private struct Body: Encodable {
        let type = "about:blank"
        let title: String
        let status: Int
        let detail: String
        let message: String
        let errors: [FieldError]?
        let requestId: String

        private enum CodingKeys: String, CodingKey {
            case type, title, status, detail, message, errors
            case requestId = "request_id"
        }
    }

    /// The answer to the request of that id.
    func response(to requestId: RequestID) throws -> Response {
        let body = Body(
            title: self.status.reasonPhrase, status: self.status.code,
            detail: self.message, message: self.message, errors: self.errors.isEmpty ? nil : self.errors,
            requestId: requestId.description)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var headers = self.headers
        headers[.contentType] = "application/problem+json"
        if self.status.code == 401 { headers[.wwwAuthenticate] = "Bearer" }
        if let retryAfter { headers[.retryAfter] = "\(retryAfter.components.seconds)" }
        return Response(
            status: self.status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoder.encode(body))))
    }
}
