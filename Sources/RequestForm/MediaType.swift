/// A header value of the form `name; parameter=value; parameter="value"`: Content-Type (RFC 9110, 8.3.1) and
/// Content-Disposition (RFC 6266).
struct MediaType {
    /// In lower case.
    let name: String
    /// By name in lower case; quotes and backslashes removed.
    let parameters: [String: String]

    /// `nil` when the value is none, or gives a parameter twice.
    init?(_ value: some StringProtocol) {
        var rest = value[...]
        let name = Self.cut(&rest) { $0 != ";" }
        self.name = Self.trimmed(name).lowercased()
        guard !self.name.isEmpty else { return nil }
        var parameters: [String: String] = [:]
        while !rest.isEmpty {
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            // A semicolon at the end announces nothing.
            if rest.isEmpty || rest.first == ";" { continue }
            guard let (key, value) = Self.cutParameter(&rest), parameters.updateValue(value, forKey: key) == nil else {
                return nil
            }
        }
        self.parameters = parameters
    }

    /// Cuts `name=value` off the front; what is left starts with the next semicolon or is empty.
    private static func cutParameter<Text: StringProtocol>(_ rest: inout Text) -> (String, String)?
    where Text.SubSequence == Text {
        let key = Self.trimmed(Self.cut(&rest) { $0 != "=" && $0 != ";" }).lowercased()
        guard rest.first == "=", !key.isEmpty else { return nil }
        rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
        guard rest.first == "\"" else {
            let value = Self.trimmed(Self.cut(&rest) { $0 != ";" })
            return value.isEmpty ? nil : (key, value)
        }
        guard let value = Self.cutQuoted(&rest) else { return nil }
        rest = rest.drop { $0 == " " || $0 == "\t" }
        return rest.isEmpty || rest.first == ";" ? (key, value) : nil
    }

    /// Cuts a quoted string off the front; `nil` when it has no end.
    private static func cutQuoted<Text: StringProtocol>(_ rest: inout Text) -> String?
    where Text.SubSequence == Text {
        var value = ""
        var isEscaped = false
        rest = rest.dropFirst()
        while let character = rest.first {
            rest = rest.dropFirst()
            if !isEscaped, character == "\"" { return value }
            isEscaped = !isEscaped && character == "\\"
            if !isEscaped { value.append(character) }
        }
        return nil
    }

    private static func cut<Text: StringProtocol>(
        _ rest: inout Text, while isPart: (Character) -> Bool
    ) -> Text where Text.SubSequence == Text {
        let part = rest.prefix(while: isPart)
        rest = rest[part.endIndex...]
        return part
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
