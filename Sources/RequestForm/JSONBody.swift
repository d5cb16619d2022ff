/// `application/json`: one object whose values are strings, numbers, booleans or null.
///
/// Numbers keep the text that they were written with, so that no digit is lost; only a fraction of nothing but zeros
/// is cut (`5.0` is 5), since JSON Schema counts such a number as an integer. `true` and `false` become `1` and `0`,
/// the flags of the other encodings; null counts as absent. An object or array as a value is the field's error.
enum JSONBody {
    static func fields(of body: [UInt8]) throws(RequestFormError) -> [String: String] {
        var collector = FieldCollector()
        var scanner = JSONScanner(body)
        try scanner.expect("{", "the body must be one JSON object")
        if !scanner.skip("}") {
            repeat {
                guard let name = try scanner.string() else {
                    throw .malformed("the JSON body has a field's name that is not Unicode text")
                }
                try scanner.expect(":", "a colon is missing")
                try collector.add(name, Self.content(of: try scanner.value()))
            } while scanner.skip(",")
            try scanner.expect("}", "a comma or the closing brace is missing")
        }
        try scanner.expectEnd()
        return try collector.finish()
    }

    private static func content(of value: JSONScanner.Value) -> FieldCollector.Content {
        switch value {
        case .string(let text): text.map { .text($0) } ?? .invalid("is not Unicode text")
        case .number(let text): .text(Self.withoutZeroFraction(text))
        case .flag(let isOn): .text(isOn ? "1" : "0")
        case .null: .absent
        case .nested: .invalid("must be text, a number or a flag, not an object or a list")
        }
    }

    private static func withoutZeroFraction(_ number: String) -> String {
        let parts = number.split(separator: ".", maxSplits: 1)
        return parts.count == 2 && parts[1].allSatisfy { $0 == "0" } ? String(parts[0]) : number
    }
}
