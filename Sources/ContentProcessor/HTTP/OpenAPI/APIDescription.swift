import Bootstrap
import FoundationEssentials
import HTTPTypes

/// The OpenAPI 3.1 document (<https://spec.openapis.org/oas/v3.1.1>) of every route.
///
/// Each group of routes is described in a file of its own beside this one; a test compares them with the router.
struct APIDescription: Sendable {
    let groups: [RouteGroup] = [.content, .jobs, .annotators, .datasets, .service]

    struct RouteGroup: Sendable {
        /// The tag of its operations.
        let name: String
        let description: String
        let routes: [RouteDescription]
        /// By the names under which they are referred to.
        var schemas: [String: JSONValue] = [:]
    }

    /// The document, with names in the order of the alphabet.
    func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return try encoder.encode(self.document)
    }

    private var document: JSONValue {
        [
            "openapi": "3.1.0",
            "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
            "info": Self.info,
            "servers": [["url": "/", "description": "The service that this document came from."]],
            "tags": .list(self.groups.map { ["name": .text($0.name), "description": .text($0.description)] }),
            "paths": self.paths,
            "components": ["schemas": self.schemas, "securitySchemes": Self.securitySchemes],
        ]
    }

    private var paths: JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for group in self.groups {
            for route in group.routes {
                paths[route.path, default: [:]][route.method.rawValue.lowercased()] = route.operation(tag: group.name)
            }
        }
        return .object(paths.mapValues(JSONValue.object))
    }

    private var schemas: JSONValue {
        .object(self.groups.reduce(into: ["Problem": Self.problem]) { $0.merge($1.schemas) { $1 } })
    }
}

// MARK: What all routes share

extension APIDescription {
    private static let info: JSONValue = [
        "title": "content-processor", "version": .text(ProductVersion.text),
        "license": ["name": "MIT", "identifier": "MIT"],
        "description": """
        Turns uploaded videos into task clips, annotates them, and builds datasets. Errors are problems of RFC 9457. \
        Names of fields and members that are not described here belong to others and are left alone.
        """,
    ]

    private static let securitySchemes: JSONValue = [
        "keyHeader": [
            "type": "apiKey", "in": "header", "name": "X-API-Key",
            "description": "A key of the service. It may also stand in the body, as the field auth_key.",
        ],
        "bearer": ["type": "http", "scheme": "bearer", "description": "A key of the service."],
        "eventToken": [
            "type": "apiKey", "in": "query", "name": "token",
            "description": "What links.events of a job carries: it opens that job's events, for one hour.",
        ],
    ]

    /// RFC 9457, with `message`, `errors` and `request_id`.
    private static let problem = Schema.object(
        required: ["type", "title", "status", "detail", "message", "request_id"],
        [
            "type": Schema.text("Always about:blank: the status says all.", example: "about:blank"),
            "title": Schema.text("The status in words.", example: "Bad Request"),
            "status": Schema.whole("The HTTP status.", example: 400),
            "detail": Schema.text("The same as message.", example: "frame_rate must be a whole number, 1 to 240."),
            "message": Schema.text("One plain sentence.", example: "frame_rate must be a whole number, 1 to 240."),
            "errors": Schema.list(
                of: Schema.object(
                    required: ["field", "message"],
                    [
                        "field": Schema.text("The field's name.", example: "frame_rate"),
                        "message": Schema.text(
                            "What is wrong with it.", example: "frame_rate must be a whole number, 1 to 240."),
                    ]), "Every bad field at once."),
            "request_id": Schema.text(
                "The answer's X-Request-Id, which lines of the log carry.", example: "1079f82d23c5f296"),
        ])
}
