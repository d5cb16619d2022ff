/// One event of the log, before it is written in one of the two forms.
package struct EventLine: Sendable {
    /// Milliseconds since 1970.
    package let time: Int64
    package let level: String
    /// The program and its role.
    package let source: String
    package let message: String
    /// What the event is about, in the order of the line.
    package let fields: [(name: String, value: String)]

    package init(
        time: Int64, level: String, source: String, message: String, fields: [(name: String, value: String)] = []
    ) {
        self.time = time
        self.level = level
        self.source = source
        self.message = message
        self.fields = fields
    }

    /// Characters of a message or a value that are shown; what is cut off is marked by `…`.
    static let lengthLimit = 2000

    private static let reserved: Set = ["time", "level", "source", "message"]

    /// For people: `2026-11-21T10:00:00.123Z info serve: work item done clip=3 job=…`.
    ///
    /// Nothing in it can begin a new line or steer a terminal; a value with blanks, quotes or "=" stands in quotes.
    package var text: String {
        let fields = self.fields.map { " \($0.name)=\(Self.quotedWhereNeeded(Self.shortened($0.value)))" }.joined()
        let message = Self.escaped(Self.shortened(self.message), quotes: false)
        return "\(Self.iso8601(self.time)) \(self.level) \(self.source): \(message)\(fields)"
    }

    /// For collectors: one JSON object (RFC 8259) of texts; a field that is called as one of the line's own parts gets
    /// a "_" behind its name.
    package var json: String {
        let own = [
            ("time", Self.iso8601(self.time)), ("level", self.level), ("source", self.source),
            ("message", Self.shortened(self.message)),
        ]
        let others = self.fields.map {
            (Self.reserved.contains($0.name) ? "\($0.name)_" : $0.name, Self.shortened($0.value))
        }
        let members = (own + others).map { "\(Self.jsonText($0.0)):\(Self.jsonText($0.1))" }
        return "{\(members.joined(separator: ","))}"
    }
}

extension EventLine {
    private static func shortened(_ text: String) -> String {
        guard let end = text.index(text.startIndex, offsetBy: Self.lengthLimit, limitedBy: text.endIndex),
            end < text.endIndex
        else { return text }
        return "\(text[..<end])…"
    }

    private static func quotedWhereNeeded(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && !text.unicodeScalars.contains { " \"=".unicodeScalars.contains($0) || $0.isUnsafe }
        return isPlain ? text : "\"\(Self.escaped(text, quotes: true))\""
    }

    /// Backslashes stay as they are outside quotes, where no reader takes them back.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case "\"" where quotes, "\\" where quotes: escaped += "\\\(scalar)"
            case _ where scalar.isUnsafe: escaped += "\\u{\(String(scalar.value, radix: 16))}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func jsonText(_ text: String) -> String {
        var escaped = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            // All of these lie in the basic plane, so four digits do.
            case _ where scalar.isUnsafe:
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped + "\""
    }
}

extension Unicode.Scalar {
    /// Whether it could end a line, steer a terminal or turn the direction of writing.
    fileprivate var isUnsafe: Bool {
        switch self.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
