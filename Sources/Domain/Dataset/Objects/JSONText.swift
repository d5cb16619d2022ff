/// JSON written by hand, for files that grow while they are written.
package enum JSONText {
    /// `text` in quotation marks (RFC 8259, section 7).
    package static func string(_ text: String) -> String {
        var escaped = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped + "\""
    }

    /// An object with the names in the order of the alphabet.
    package static func object(_ texts: [String: [String]]) -> String {
        let members = texts.sorted { $0.key < $1.key }
            .map { "\(self.string($0.key)):\(self.string($0.value.joined(separator: ",")))" }
        return "{\(members.joined(separator: ","))}"
    }

    package static func array(_ numbers: [Double]) -> String {
        "[\(numbers.map { FixedPoint.text($0, decimals: 3) }.joined(separator: ","))]"
    }
}
