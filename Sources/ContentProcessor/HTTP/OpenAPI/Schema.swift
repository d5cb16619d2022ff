import Domain

/// The JSON Schemas (draft 2020-12) that the descriptions of routes are made of.
enum Schema {
    static func reference(_ name: String) -> JSONValue { ["$ref": "#/components/schemas/\(name)"] }

    /// An object that may have more members than these.
    static func object(required: [String] = [], _ properties: [String: JSONValue]) -> JSONValue {
        ["type": "object", "required": .list(required.map(JSONValue.text)), "properties": .object(properties)]
    }

    static func list(of items: JSONValue, _ description: String) -> JSONValue {
        ["type": "array", "items": items, "description": .text(description)]
    }

    static func text(_ description: String, example: JSONValue? = nil) -> JSONValue {
        Self.value("string", description, example)
    }

    static func whole(_ description: String, example: JSONValue? = nil) -> JSONValue {
        Self.value("integer", description, example)
    }

    static func number(_ description: String) -> JSONValue { Self.value("number", description) }

    static func flag(_ description: String) -> JSONValue { Self.value("boolean", description) }

    static func date(_ description: String) -> JSONValue {
        Self.value("string", description, "2026-11-21T09:30:00.125Z").merging(["format": "date-time"])
    }

    static func choice(_ values: [String], _ description: String) -> JSONValue {
        Self.value("string", description).merging(["enum": .list(values.map(JSONValue.text))])
    }

    /// 24 hexadecimal digits.
    static func objectID(_ description: String, example: String = Example.upload) -> JSONValue {
        Self.value("string", description, .text(example)).merging(["pattern": "^[0-9a-fA-F]{24}$"])
    }

    private static func value(_ type: String, _ description: String, _ example: JSONValue? = nil) -> JSONValue {
        let schema: JSONValue = ["type": .text(type), "description": .text(description)]
        return example.map { schema.merging(["examples": [$0]]) } ?? schema
    }
}

// MARK: Fields of requests

extension Schema {
    /// A field that is read as a whole number: a JSON number, the same as text, or a flag for 0 and 1.
    static func wholeField(_ range: ClosedRange<Int>, _ description: String, example: JSONValue) -> JSONValue {
        var schema: [String: JSONValue] = [
            "type": ["integer", "string", "boolean"], "minimum": .whole(range.lowerBound), "pattern": "^[+-]?[0-9]+$",
            "description": .text(description), "examples": [example],
        ]
        if range.upperBound < .max { schema["maximum"] = .whole(range.upperBound) }
        return .object(schema)
    }

    /// A field that is read as text; JSON numbers and flags count as they are written.
    static func textField(_ description: String, example: JSONValue) -> JSONValue {
        ["type": ["string", "number", "boolean"], "description": .text(description), "examples": [example]]
    }

    /// A field that may be absent, which empty text and JSON's null say as well.
    static func optional(_ field: JSONValue) -> JSONValue {
        guard case .object(var members) = field, case .list(let types)? = members["type"] else { return field }
        members["type"] = .list(types + ["null"])
        if case .text(let pattern)? = members["pattern"] { members["pattern"] = "^$|\(pattern)" }
        return .object(members)
    }

    /// A key among the fields, as the Node.js backend sends it.
    static let keyField: JSONValue = optional(
        textField("A key of the service, for callers that send no header with it.", example: "<key>"))
}

/// Values that the examples share.
enum Example {
    static let project = "665f1f77bcf86cd799439001"
    static let upload = "665f1f77bcf86cd799439011"
    static let job = "665f1f77bcf86cd799439021"
    static let datasetVersion = "665f1f77bcf86cd799439031"
}
