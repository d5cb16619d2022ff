/// What the values of a key may be: how text becomes a value, and how an error message says what is allowed.
struct ValueRule<Value: Sendable>: Sendable {
    /// Completes the sentence "<key> must be …".
    let allowed: String
    /// The value of trimmed text; `nil` when the text is not allowed.
    let parse: @Sendable (String) -> Value?
}

extension ValueRule {
    /// The same rule, where empty text stands for "not set".
    static func optional<Wrapped>(_ rule: ValueRule<Wrapped>) -> ValueRule where Value == Wrapped? {
        .optional(rule, absent: "")
    }

    /// The same rule, where empty text or the word `absent` stands for "not set".
    static func optional<Wrapped>(_ rule: ValueRule<Wrapped>, absent: String) -> ValueRule where Value == Wrapped? {
        ValueRule(allowed: absent.isEmpty ? rule.allowed : "\(absent) or \(rule.allowed)") { text in
            if text.isEmpty || text.lowercased() == absent { return .some(nil) }
            return rule.parse(text).map { .some($0) }
        }
    }

    /// Items between commas, blanks around them cut; empty text is the empty list.
    static func list<Element>(of rule: ValueRule<Element>) -> ValueRule where Value == [Element] {
        ValueRule(allowed: "a list with commas, each item \(rule.allowed)") { text in
            guard !text.isEmpty else { return [] }
            let items = text.split(separator: ",", omittingEmptySubsequences: false).map { rule.parse($0.trimmed) }
            let values = items.compactMap { $0 }
            return values.count == items.count ? values : nil
        }
    }

    /// One of the names of an enumeration.
    static func choice() -> ValueRule where Value: CaseIterable & RawRepresentable<String> {
        ValueRule(allowed: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", ")) { text in
            Value(rawValue: text.lowercased())
        }
    }
}

extension ValueRule where Value == Int {
    static func whole(_ range: ClosedRange<Int>) -> ValueRule {
        ValueRule(allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueRule where Value == Double {
    static func number(_ range: ClosedRange<Double>) -> ValueRule {
        ValueRule(allowed: "a number from \(range.lowerBound.short) to \(range.upperBound.short)") { text in
            // Digits only: Double would also read "nan", "inf" and hexadecimal.
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else { return nil }
            return Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueRule where Value == Bool {
    static var flag: ValueRule {
        ValueRule(allowed: "true or false") { text in
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: nil
            }
        }
    }
}

extension ValueRule where Value == String {
    static var text: ValueRule {
        ValueRule(allowed: "some text") { $0.isEmpty ? nil : $0 }
    }

    /// Text whose every character is an ASCII letter, a digit or one of `others`.
    static func word(_ allowed: String, and others: String) -> ValueRule {
        ValueRule(allowed: allowed) { text in
            let isWord = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || others.contains($0)) }
            return isWord && !text.isEmpty ? text : nil
        }
    }

    static var path: ValueRule {
        ValueRule(allowed: "a path") { $0.isEmpty || $0.utf8.contains(0) ? nil : $0 }
    }
}

extension ValueRule where Value == Secret {
    static var secret: ValueRule {
        ValueRule(allowed: "some text") { $0.isEmpty ? nil : Secret($0) }
    }
}

extension Double {
    /// Without a fraction that says nothing: `51`, `0.1`.
    fileprivate var short: String {
        Int(exactly: self).map(String.init) ?? String(self)
    }
}

extension StringProtocol {
    /// Without the white space at both ends.
    var trimmed: String {
        let start = self.drop(while: \.isWhitespace)
        let end = start.reversed().drop(while: \.isWhitespace)
        return String(end.reversed())
    }
}
