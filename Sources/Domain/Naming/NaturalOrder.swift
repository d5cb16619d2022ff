/// The order in which people number files: runs of digits count by their value, so `img2` comes before `img10`.
package enum NaturalOrder {
    /// Whether `left` comes before `right`. Letters compare without case first; names that differ in nothing else
    /// compare as text, so the order is total and the same everywhere.
    package static func precedes(_ left: String, _ right: String) -> Bool {
        let (leftParts, rightParts) = (Self.parts(of: left), Self.parts(of: right))
        for (first, second) in zip(leftParts, rightParts) {
            if Self.precedes(first, second) { return true }
            if Self.precedes(second, first) { return false }
        }
        guard leftParts.count == rightParts.count else { return leftParts.count < rightParts.count }
        return left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
    }

    private enum Part {
        /// Digits without leading zeros.
        case number(String)
        case text(String)
    }

    private static func precedes(_ left: Part, _ right: Part) -> Bool {
        switch (left, right) {
        case (.number(let first), .number(let second)):
            // Without leading zeros the longer number is the larger one, however long.
            first.utf8.count == second.utf8.count ? first < second : first.utf8.count < second.utf8.count
        case (.number, .text): true
        case (.text, .number): false
        case (.text(let first), .text(let second)):
            first.unicodeScalars.lexicographicallyPrecedes(second.unicodeScalars)
        }
    }

    private static func parts(of name: String) -> [Part] {
        var parts: [Part] = []
        // By scalars: characters that look the same may be two names.
        var rest = name.lowercased().unicodeScalars[...]
        while let scalar = rest.first {
            let isNumber = Self.isDigit(scalar)
            let run = rest.prefix { Self.isDigit($0) == isNumber }
            rest = rest.dropFirst(run.count)
            let significant = run.drop { $0 == "0" }
            parts.append(isNumber ? .number(String(significant)) : .text(String(run)))
        }
        return parts
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
