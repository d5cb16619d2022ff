/// Reads JSON's tokens (RFC 8259) off the front of a text, without converting numbers.
struct JSONScanner {
    enum Value {
        /// `nil` when the escapes are half a surrogate pair, or the bytes are not UTF-8.
        case string(String?)
        /// As written.
        case number(String)
        case flag(Bool)
        case null
        /// An object or an array, checked and dropped.
        case nested
    }

    /// Deeper nesting is refused, so that a hostile body cannot exhaust the stack.
    private static let maximumDepth = 32

    private var rest: ArraySlice<UInt8>

    init(_ text: [UInt8]) {
        // RFC 8259, 8.1: a byte order mark may be ignored.
        self.rest = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text[...]
    }

    /// Skips white space and `character`, and returns whether it was there.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        self.skipSpace()
        guard let first = self.rest.first, first == UInt8(ascii: character) else { return false }
        self.rest.removeFirst()
        return true
    }

    mutating func expect(_ character: Unicode.Scalar, _ complaint: String) throws(RequestFormError) {
        guard self.skip(character) else { throw self.error(complaint) }
    }

    mutating func expectEnd() throws(RequestFormError) {
        self.skipSpace()
        guard self.rest.isEmpty else { throw self.error("there is more after the object") }
    }

    /// The next value, whatever its kind.
    mutating func value() throws(RequestFormError) -> Value {
        try self.value(depth: 0)
    }

    private mutating func value(depth: Int) throws(RequestFormError) -> Value {
        guard depth < Self.maximumDepth else { throw self.error("the nesting is too deep") }
        self.skipSpace()
        switch self.rest.first {
        case UInt8(ascii: "\""): return .string(try self.string())
        case UInt8(ascii: "{"):
            try self.skipNested(closing: "}", depth: depth, namesItems: true)
            return .nested
        case UInt8(ascii: "["):
            try self.skipNested(closing: "]", depth: depth, namesItems: false)
            return .nested
        case UInt8(ascii: "t"): return try self.literal("true", .flag(true))
        case UInt8(ascii: "f"): return try self.literal("false", .flag(false))
        case UInt8(ascii: "n"): return try self.literal("null", .null)
        default: return .number(try self.number())
        }
    }

    private mutating func skipNested(
        closing: Unicode.Scalar, depth: Int, namesItems: Bool
    ) throws(RequestFormError) {
        self.rest.removeFirst()
        guard !self.skip(closing) else { return }
        repeat {
            if namesItems {
                _ = try self.string()
                try self.expect(":", "a colon is missing")
            }
            _ = try self.value(depth: depth + 1)
        } while self.skip(",")
        try self.expect(closing, "a comma or a closing bracket is missing")
    }

    private mutating func literal(_ text: String, _ value: Value) throws(RequestFormError) -> Value {
        guard self.rest.starts(with: text.utf8) else { throw self.error("a value is not JSON") }
        self.rest.removeFirst(text.utf8.count)
        return value
    }

    /// `-`, digits without a leading zero, a fraction, an exponent.
    private mutating func number() throws(RequestFormError) -> String {
        let whole = self.rest
        self.skipOne(of: "-")
        if !self.skipOne(of: "0") { try self.skipDigits() }
        if self.skipOne(of: ".") { try self.skipDigits() }
        if self.skipOne(of: "eE") {
            self.skipOne(of: "+-")
            try self.skipDigits()
        }
        return String(decoding: whole[..<self.rest.startIndex], as: UTF8.self)
    }

    private mutating func skipDigits() throws(RequestFormError) {
        guard self.skipOne(of: "0123456789") else { throw self.error("a value is not JSON") }
        self.rest = self.rest.drop { (0x30...0x39).contains($0) }
    }

    @discardableResult
    private mutating func skipOne(of characters: String) -> Bool {
        guard let first = self.rest.first, characters.utf8.contains(first) else { return false }
        self.rest.removeFirst()
        return true
    }

    private mutating func skipSpace() {
        self.rest = self.rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    }

    private func error(_ complaint: String) -> RequestFormError {
        .malformed("the JSON body cannot be read: \(complaint), at byte \(self.rest.startIndex)")
    }
}

extension JSONScanner {
    /// The next string, its escapes resolved; `nil` when that is no Unicode text.
    mutating func string() throws(RequestFormError) -> String? {
        try self.expect("\"", "a string is missing")
        var units: [UInt8] = []
        var isText = true
        while let byte = self.rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                return isText ? String(validating: units, as: UTF8.self) : nil
            case UInt8(ascii: "\\"):
                if let scalar = try self.escaped() {
                    units.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
                } else {
                    isText = false
                }
            case 0..<0x20: throw self.error("a string holds a control character")
            default: units.append(byte)
            }
        }
        throw self.error("a string has no end")
    }

    /// What follows a backslash; `nil` for half a surrogate pair.
    private mutating func escaped() throws(RequestFormError) -> Unicode.Scalar? {
        switch self.rest.popFirst() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try self.escapedScalar()
        default: throw self.error("a string has an unknown escape")
        }
    }

    /// The scalar of an escape such as `\u20AC`, or of the two escapes of a surrogate pair.
    private mutating func escapedScalar() throws(RequestFormError) -> Unicode.Scalar? {
        let first = try self.escapedUnit()
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) }
        guard self.rest.starts(with: "\\u".utf8) else { return nil }
        let before = self.rest
        self.rest.removeFirst(2)
        let second = try self.escapedUnit()
        guard UTF16.isTrailSurrogate(second) else {
            self.rest = before
            return nil
        }
        return String(decoding: [first, second], as: UTF16.self).unicodeScalars.first
    }

    private mutating func escapedUnit() throws(RequestFormError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = self.rest.popFirst()?.hexadecimalDigit else {
                throw self.error("a string has an unknown escape")
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
