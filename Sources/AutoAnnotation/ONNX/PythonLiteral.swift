/// Reads the two literals of Python that Ultralytics' exports have in their metadata.
enum PythonLiteral {
    /// The texts of `{0: 'person', 1: 'car'}` in the order of their numbers, which count from 0; `nil` for anything
    /// else.
    static func names(in text: String) -> [String]? {
        var rest = Substring(text).drop(while: \.isWhitespace)
        guard rest.popFirst() == "{" else { return nil }
        var names: [Int: String] = [:]
        while true {
            rest = rest.drop { $0.isWhitespace || $0 == "," }
            if rest.first == "}" { break }
            let digits = rest.prefix(while: \.isNumber)
            rest = rest.dropFirst(digits.count).drop { $0.isWhitespace || $0 == ":" }
            guard let number = Int(digits), let name = Self.popText(from: &rest) else { return nil }
            names[number] = name
        }
        let ordered = names.keys.sorted()
        return ordered == Array(0..<names.count) ? ordered.compactMap { names[$0] } : nil
    }

    /// The numbers of `[640, 640]`; a single number stands for both sides.
    static func numbers(in text: String) -> [Int]? {
        let inner = text.filter { !"[]() ".contains($0) }
        let numbers = inner.split(separator: ",").map { Int($0) }
        return numbers.isEmpty || numbers.contains(nil) ? nil : numbers.compactMap(\.self)
    }

    private static func popText(from rest: inout Substring) -> String? {
        guard let quote = rest.popFirst(), quote == "'" || quote == "\"" else { return nil }
        var text = ""
        while let character = rest.popFirst() {
            if character == quote { return text }
            if character == "\\", let escaped = rest.popFirst() { text.append(escaped) } else { text.append(character) }
        }
        return nil
    }
}
