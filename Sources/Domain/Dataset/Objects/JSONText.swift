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

/// Numbers as text with a fixed count of decimals, the same in every locale and on every machine.
package enum FixedPoint {
    /// - Parameters:
    ///   - value: finite, and small enough that its last decimal is exact: below 10^15 without its decimals' factor.
    ///   - decimals: 1 … 9; the last is rounded, half away from zero.
    package static func text(_ value: Double, decimals: Int) -> String {
        let factor = (0..<decimals).reduce(1) { factor, _ in factor * 10 }
        let units = Int((value.magnitude * Double(factor)).rounded())
        let fraction = String(units % factor + factor).dropFirst()
        return "\(value < 0 && units > 0 ? "-" : "")\(units / factor).\(fraction)"
    }
}
