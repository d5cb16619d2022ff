import Domain
import HTTPTypes

extension APIDescription.RouteGroup {
    /// Auto-annotation versions.
    static let annotators = Self(
        name: "annotators", description: "Versions of auto annotation.",
        routes: [Self.listVersions, Self.getVersion, Self.registerVersion],
        schemas: ["AnnotatorFields": Self.registration, "Annotator": Self.annotator])

    private static let route = "/api/autoAnnotationVersions"
    private static let engines = AnnotatorMeaning.Engine.allCases.map(\.rawValue)

    private static let listVersions = RouteDescription(
        method: .get, path: Self.route, id: "listAnnotators", summary: "Every version, by number",
        answers: [
            .json(
                200, "Those of the configuration and those that were registered.",
                Schema.list(of: Schema.reference("Annotator"), ""), example: [Self.example])
        ])

    private static let getVersion = RouteDescription(
        method: .get, path: "\(Self.route)/{version}", id: "getAnnotator", summary: "One version",
        parameters: [
            .init(
                name: "version", place: .path, description: "Its number.",
                schema: ["type": "integer", "minimum": 1], example: 1)
        ],
        answers: [
            .json(200, "The version.", Schema.reference("Annotator"), example: Self.example),
            .problem(404, "There is no such auto-annotation version."),
        ])

    private static let registerVersion = RouteDescription(
        method: .post, path: Self.route, id: "registerAnnotator", summary: "Registers a version",
        details: """
            The fields come in the body; or in the query, when the body is the model file itself, with the key in a \
            header. A number that boxes refer to keeps its meaning.
            """,
        parameters: Self.fields.map { name, schema in
            .init(
                name: name, place: .query, description: "As in the body; only when the body is a model file.",
                schema: schema)
        },
        body: .init(
            fields: Schema.reference("AnnotatorFields"),
            example: ["version": 7, "engine": "motion", "labels": "object=car", "note": "cars only"],
            file: "An ONNX file, at most 2 GiB."),
        answers: [
            .json(201, "The version as it is kept.", Schema.reference("Annotator"), example: Self.example),
            .problem(400, "engine must be one of motion, onnx, remote."),
            .problem(404, "The version was removed again."),
            .problem(409, "Version 1 stands in the configuration; register under another number."),
            .problem(422, "detector.onnx is no ONNX model."),
            .problem(501, "The engine onnx needs OpenVINO, which is not installed."),
        ])

    /// The fields of a registration, each a word that forms can carry.
    private static let fields: [(String, JSONValue)] = [
        ("version", Schema.wholeField(1...999_999, "What requests name in auto_anno_version.", example: 7)),
        ("engine", Schema.choice(Self.engines, "What finds the objects.")),
        (
            "model",
            Schema.textField("onnx: a file below [Folders] models; remote: the model's name.", example: "a.onnx")
        ),
        ("url", Schema.textField("remote: the servers, with commas; [App] inference_servers lists them.", example: "")),
        ("sha256", Schema.textField("onnx: the digest that the model file must have.", example: "")),
        (
            "labels",
            Schema.textField("Labels to keep, with commas: label, or model label=project label.", example: "car")
        ),
        ("confidence", Schema.share("The least confidence of a box; 0.25 when absent.")),
        ("iou", Schema.share("The overlap above which the weaker of two boxes goes; 0.45 when absent.")),
        (
            "track",
            [
                "enum": [true, false, 0, 1, "true", "false", "0", "1", ""],
                "description": "Whether boxes of one object share a trackId.",
            ]
        ),
        ("input_size", Schema.wholeField(32...4096, "The side of the model's input, in pixels.", example: 640)),
        ("note", Schema.textField("What people want to remember of it.", example: "cars only")),
    ]

    private static let registration = Schema.object(
        required: ["version", "engine"], Dictionary(Self.fields + [("auth_key", Schema.keyField)]) { $1 })

    private static let annotator = Schema.object(
        required: ["version", "engine", "url", "labels", "confidence", "iou", "track", "configured", "used"],
        [
            "version": Schema.whole("Its number."),
            "engine": Schema.choice(Self.engines, "What finds the objects."),
            "model": Schema.text("onnx: the model file or its object's key; remote: the model's name."),
            "sha256": Schema.text("onnx: the model file's digest."),
            "url": Schema.list(of: ["type": "string"], "remote: the servers."),
            "labels": Schema.object(
                required: ["pairs"],
                [
                    "pairs": Schema.list(
                        of: Schema.object(
                            required: ["model", "project"],
                            ["model": Schema.text("The model's label."), "project": Schema.text("The project's.")]),
                        "None keeps every label as the model has it.")
                ]),
            "confidence": Schema.number("The least confidence of a box."),
            "iou": Schema.number("The overlap above which the weaker of two boxes goes."),
            "track": Schema.flag("Whether boxes of one object share a trackId."),
            "input_size": Schema.whole("The side of the model's input, in pixels."),
            "note": Schema.text("What people want to remember of it."),
            "createdAt": Schema.date("When it was registered."),
            "configured": Schema.flag("Whether it stands in the configuration."),
            "used": Schema.flag("Whether boxes may refer to it, so that it keeps its meaning."),
        ])

    private static let example: JSONValue = [
        "version": 1, "engine": "motion", "url": [], "labels": ["pairs": []], "confidence": 0.25, "iou": 0.45,
        "track": true, "configured": true, "used": false,
    ]
}

extension Schema {
    /// A field from 0 to 1: a JSON number or the same as text, or a flag for 0 and 1.
    fileprivate static func share(_ description: String) -> JSONValue {
        [
            "type": ["number", "string", "boolean"], "minimum": 0, "maximum": 1, "pattern": "^[0-9.eE+-]*$",
            "description": .text(description), "examples": [0.25],
        ]
    }
}
