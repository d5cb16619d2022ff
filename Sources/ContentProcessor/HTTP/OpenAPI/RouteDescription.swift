import HTTPTypes

/// What clients are told of one route: an operation of the OpenAPI document.
struct RouteDescription: Sendable {
    let method: HTTPRequest.Method
    /// With names in braces, as OpenAPI and the router write it.
    let path: String
    /// What generated clients call it.
    let id: String
    let summary: String
    var details = ""
    var access = Access.key
    var parameters: [Parameter] = []
    var body: Body?
    let answers: [Answer]

    /// Who may call.
    enum Access: Sendable {
        case anyone
        case key
        /// A key, or the token of the link.
        case keyOrToken
    }

    struct Parameter: Sendable {
        enum Place: String, Sendable { case path, query, header }
        let name: String
        let place: Place
        let description: String
        let schema: JSONValue
        var example: JSONValue?
    }

    struct Body: Sendable {
        /// Of the fields, which may come in three encodings.
        let fields: JSONValue
        let example: JSONValue
        /// A body of bytes instead of fields, where the route takes one.
        var file: String?
    }

    struct Answer: Sendable {
        let status: Int
        let description: String
        var content: [String: JSONValue] = [:]
        var headers: [String: JSONValue] = [:]
        /// Routes that continue from this answer; OpenAPI's links.
        var links: [String: JSONValue] = [:]

        static func json(
            _ status: Int, _ description: String, _ schema: JSONValue, example: JSONValue,
            links: [String: JSONValue] = [:]
        ) -> Answer {
            Answer(
                status: status, description: description,
                content: [Self.jsonType: ["schema": schema, "example": example]], links: links)
        }

        /// - Parameter message: an example of the sentence.
        static func problem(_ status: Int, _ message: String, retries: Bool = false) -> Answer {
            let title = HTTPResponse.Status(integerLiteral: status).reasonPhrase
            let example: JSONValue = [
                "type": "about:blank", "title": .text(title.isEmpty ? "Error" : title), "status": .whole(status),
                "detail": .text(message), "message": .text(message), "request_id": "1079f82d23c5f296",
            ]
            return Answer(
                status: status, description: message,
                content: ["application/problem+json": ["schema": Schema.reference("Problem"), "example": example]],
                headers: retries ? ["Retry-After": Self.retryAfter] : status == 401 ? Self.challenge : [:])
        }

        private static let jsonType = "application/json"
        private static let challenge: [String: JSONValue] = [
            "WWW-Authenticate": ["description": "Bearer.", "required": true, "schema": ["const": "Bearer"]]
        ]
        private static let retryAfter: JSONValue = [
            "description": "Seconds after which to try again.", "schema": ["type": "integer", "minimum": 1],
        ]
    }
}

// MARK: As OpenAPI

extension RouteDescription {
    /// The operation object of OpenAPI 3.1.
    func operation(tag: String) -> JSONValue {
        var operation: [String: JSONValue] = [
            "operationId": .text(self.id), "summary": .text(self.summary), "tags": [.text(tag)],
            "security": self.access.requirement,
            "responses": .object(
                Dictionary(self.allAnswers.map { ("\($0.status)", $0.response) }) { first, _ in first }),
        ]
        if !self.details.isEmpty { operation["description"] = .text(self.details) }
        if !self.parameters.isEmpty { operation["parameters"] = .list(self.parameters.map(\.object)) }
        if let body { operation["requestBody"] = body.object }
        return .object(operation)
    }

    /// Its own first, then those of every route that needs a key.
    private var allAnswers: [Answer] { self.access == .anyone ? self.answers : self.answers + Self.keyedAnswers }

    private static let keyedAnswers: [Answer] = [
        .problem(400, "The body cannot be read: the JSON body cannot be read: a string has no end, at byte 9."),
        .problem(401, Problem.unauthorized.message),
        .problem(408, "The body did not arrive within 20 seconds."),
        .problem(413, "The body has more than 65536 bytes."),
        .problem(
            415,
            "The body cannot be read: send multipart/form-data, application/x-www-form-urlencoded or application/json."
        ),
        .problem(500, "Something went wrong inside the service; its log tells what."),
        .problem(503, "The database does not answer as it should.", retries: true),
    ]
}

extension RouteDescription.Access {
    fileprivate var requirement: JSONValue {
        let keys: [JSONValue] = [["keyHeader": []], ["bearer": []]]
        return switch self {
        case .anyone: []
        case .key: .list(keys)
        case .keyOrToken: .list(keys + [["eventToken": []]])
        }
    }
}

extension RouteDescription.Parameter {
    fileprivate var object: JSONValue {
        let object: JSONValue = [
            "name": .text(self.name), "in": .text(self.place.rawValue), "required": .flag(self.place == .path),
            "description": .text(self.description), "schema": self.schema,
        ]
        return self.example.map { object.merging(["example": $0]) } ?? object
    }
}

extension RouteDescription.Body {
    fileprivate var object: JSONValue {
        let media: JSONValue = ["schema": self.fields, "example": self.example]
        var content: [String: JSONValue] = [
            "application/json": media, "multipart/form-data": media, "application/x-www-form-urlencoded": media,
        ]
        if let file {
            content["application/octet-stream"] = [
                "schema": ["type": "string", "format": "binary", "description": .text(file)]
            ]
        }
        return ["required": true, "content": .object(content)]
    }
}

extension RouteDescription.Answer {
    fileprivate var response: JSONValue {
        var response: [String: JSONValue] = ["description": .text(self.description)]
        if !self.content.isEmpty { response["content"] = .object(self.content) }
        response["headers"] = .object(self.headers.merging(["X-Request-Id": Self.requestId]) { $1 })
        if !self.links.isEmpty { response["links"] = .object(self.links) }
        return .object(response)
    }

    private static let requestId: JSONValue = [
        "description": "The request's own X-Request-Id, or a new one; lines of the log carry it.", "required": true,
        "schema": ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"],
    ]
}
