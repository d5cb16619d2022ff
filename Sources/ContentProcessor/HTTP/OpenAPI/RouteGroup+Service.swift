import HTTPTypes

extension APIDescription.RouteGroup {
    /// The service itself, for probes, monitors and client generators.
    static let service = Self(
        name: "service", description: "The service itself; no key needed.",
        routes: [Self.health, Self.readiness, Self.metrics, Self.openAPI], schemas: ["Readiness": Self.readinessSchema])

    private static let health = RouteDescription(
        method: .get, path: "/healthz", id: "getHealth", summary: "The process answers", access: .anyone,
        answers: [
            .json(
                200, "It does.", Schema.object(required: ["status"], ["status": Schema.choice(["ok"], "Always ok.")]),
                example: ["status": "ok"])
        ])

    private static let readiness = RouteDescription(
        method: .get, path: "/readyz", id: "getReadiness",
        summary: "MongoDB and the object store answer, and there is room for work", access: .anyone,
        answers: [
            .json(200, "They do.", Schema.reference("Readiness"), example: Self.readinessExample("ok")),
            .json(
                503, "Something is away; requests may be refused until it is back.", Schema.reference("Readiness"),
                example: Self.readinessExample("unavailable")),
        ])

    private static let metrics = RouteDescription(
        method: .get, path: "/metrics", id: "getMetrics", summary: "What was done and waits, for Prometheus",
        details: "Asks for a key where [App] metrics_need_key is true.", access: .anyone,
        answers: [
            .init(
                status: 200, description: "Prometheus' text format, version 0.0.4.",
                content: [
                    "text/plain": [
                        "schema": ["type": "string"], "example": "content_processor_queue_age_seconds 0\n",
                    ]
                ]),
            .problem(401, Problem.unauthorized.message),
        ])

    private static let openAPI = RouteDescription(
        method: .get, path: "/openapi.json", id: "getDescription", summary: "This document", access: .anyone,
        answers: [.json(200, "OpenAPI 3.1.", ["type": "object"], example: ["openapi": "3.1.0"])])

    private static let readinessSchema = Schema.object(
        required: ["status", "checks"],
        [
            "status": Schema.choice(["ok", "unavailable"], "ok when every check is."),
            "checks": [
                "type": "object", "additionalProperties": ["type": "string"],
                "description": "For each system that the service needs: ok, or what is wrong.",
            ],
        ])

    private static func readinessExample(_ status: JSONValue) -> JSONValue {
        let store: JSONValue = status == "ok" ? "ok" : "the object store does not answer"
        return ["status": status, "checks": ["mongodb": "ok", "object_store": store, "work_folder": "ok"]]
    }
}
