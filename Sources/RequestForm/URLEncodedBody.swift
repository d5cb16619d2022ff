/// `application/x-www-form-urlencoded`: `name=value&…` with `+` for a blank and `%XX` for a byte
/// (<https://url.spec.whatwg.org/#urlencoded-parsing>), except that a broken escape is an error.
enum URLEncodedBody {
    static func fields(of body: [UInt8]) throws(RequestFormError) -> [String: String] {
        var collector = FieldCollector()
        for pair in body.split(separator: UInt8(ascii: "&")) {
            let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(sides[0]).flatMap({ String(validating: $0, as: UTF8.self) }) else {
                throw .malformed("a field's name holds a broken percent escape or is not UTF-8 text")
            }
            guard let value = Self.decoded(sides.dropFirst().first ?? []) else {
                try collector.add(name, .invalid("holds a broken percent escape"))
                continue
            }
            try collector.add(name, .init(utf8: value))
        }
        return try collector.finish()
    }

    /// The bytes that `text` stands for; `nil` when a `%` is not followed by two hexadecimal digits.
    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst()?.hexadecimalDigit, let low = rest.popFirst()?.hexadecimalDigit else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return bytes
    }
}

extension UInt8 {
    /// What this ASCII character is worth as a hexadecimal digit.
    var hexadecimalDigit: UInt8? {
        Character(UnicodeScalar(self)).hexDigitValue.map { UInt8($0) }
    }
}
