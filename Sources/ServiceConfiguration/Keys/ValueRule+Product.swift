internal import FoundationEssentials

/// A name and what it stands for, written `name=meaning`.
package struct NamedValue<Value: Hashable & Sendable>: Hashable, Sendable {
    package let name: String
    package let value: Value
}

extension ValueRule where Value == String {
    static var host: ValueRule {
        .word("a host name or an IP address, without a port", and: ".-_:")
    }

    static var databaseName: ValueRule {
        .word("a database name of letters, digits, _ and -", and: "_-")
    }

    static var bucketName: ValueRule {
        .word("a bucket name of letters, digits, dots and hyphens", and: ".-_")
    }

    static var regionName: ValueRule {
        .word("a region such as eu-central-1", and: "-_")
    }

    /// The start of object keys, without slashes at its ends.
    static var objectPrefix: ValueRule {
        ValueRule(allowed: "words of letters, digits, - and _, with single slashes between them") { text in
            let words = text.split(separator: "/", omittingEmptySubsequences: false)
            let isPlain = words.allSatisfy { word in
                !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
            }
            return isPlain && !["contents", "dataset"].contains(words.first) ? text : nil
        }
    }

    /// 64 hexadecimal digits, kept in lower case.
    static var sha256: ValueRule {
        ValueRule(allowed: "64 hexadecimal digits") { text in
            text.utf8.count == 64 && text.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
                ? text.lowercased() : nil
        }
    }

    /// A file name's extension, kept in lower case and without its dot.
    static var fileExtension: ValueRule {
        ValueRule(allowed: "a file name extension") { text in
            let name = (text.hasPrefix(".") ? text.dropFirst() : text[...]).lowercased()
            return name.isEmpty || !name.allSatisfy { $0.isLetter || $0.isNumber } ? nil : name
        }
    }

    /// `http://` or `https://` with a host and without user, query and fragment; slashes at the end are cut.
    static var url: ValueRule {
        ValueRule(allowed: "an http or https URL without user, password and query") { text in
            guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme),
                parts.host?.isEmpty == false, parts.user == nil, parts.password == nil, parts.query == nil,
                parts.fragment == nil
            else { return nil }
            return String(text.reversed().drop { $0 == "/" }.reversed())
        }
    }

    /// What a browser sends as `Origin` (RFC 6454): scheme, host and port.
    static var origin: ValueRule {
        ValueRule(allowed: "a browser's origin such as https://example.org, without a path") { text in
            guard let url = ValueRule.url.parse(text), url == text, URLComponents(string: url)?.path == "" else {
                return nil
            }
            return url.lowercased()
        }
    }

    /// The name of an augmentation in keys and documents, where "_" separates it from its neighbours.
    static var augmentationType: ValueRule {
        .word("a type of letters, digits and hyphens", and: "-")
    }
}

extension ValueRule where Value == Double {
    /// A number that others are divided by.
    static var divisor: ValueRule { .number(0.001...1_000_000) }
}

extension ValueRule where Value == Int? {
    /// An age after which something is removed; `nil` keeps it for ever.
    static var days: ValueRule { .optional(.whole(1...36_500), absent: "keep") }
}

extension ValueRule where Value == Secret {
    static var mongoURI: ValueRule {
        ValueRule(allowed: "a connection string that starts with mongodb:// or mongodb+srv://") { text in
            text.hasPrefix("mongodb://") || text.hasPrefix("mongodb+srv://") ? Secret(text) : nil
        }
    }
}

extension ValueRule {
    /// `name=meaning,…`; every name once.
    static func pairs<Meaning>(_ meaning: ValueRule<Meaning>) -> ValueRule where Value == [NamedValue<Meaning>] {
        let pair = ValueRule<NamedValue<Meaning>>(allowed: "id=\(meaning.allowed)") { text in
            guard let separator = text.firstIndex(of: "=") else { return nil }
            let name = text[..<separator].trimmed
            guard !name.isEmpty, let value = meaning.parse(text[separator...].dropFirst().trimmed) else { return nil }
            return NamedValue(name: name, value: value)
        }
        let list = ValueRule<[NamedValue<Meaning>]>.list(of: pair)
        return ValueRule(allowed: list.allowed + ", every id once") { text in
            guard let pairs = list.parse(text), Set(pairs.map(\.name)).count == pairs.count else { return nil }
            return pairs
        }
    }
}

extension ValueRule where Value == NamedValue<String> {
    /// A label of a model, alone or as `model label=project label`.
    static var label: ValueRule {
        ValueRule(allowed: "a label or model label=project label") { text in
            let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmed)
            guard let name = sides.first, let value = sides.last, !name.isEmpty, !value.isEmpty else { return nil }
            return NamedValue(name: name, value: value)
        }
    }
}

extension ValueRule where Value == ServiceKey.Form {
    /// A key of the service in clear, or `sha256:` and the hexadecimal digest of its UTF-8 bytes.
    static var serviceKey: ValueRule {
        ValueRule(allowed: "a key of at least 16 visible characters, or sha256: and 64 hexadecimal digits") { text in
            let prefix = "sha256:"
            guard text.lowercased().hasPrefix(prefix) else {
                // Shorter ones can be guessed by whoever reaches the port.
                let isKey = text.utf8.count >= 16 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
                return isKey ? .plain(Secret(text)) : nil
            }
            return ValueRule<String>.sha256.parse(String(text.dropFirst(prefix.count))).map { .sha256($0) }
        }
    }
}
