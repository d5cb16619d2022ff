/// Splits an XML document into tags and text, from its beginning to its end.
struct XMLScanner {
    enum Token: Hashable {
        case start(String)
        case end(String)
        case text(String)
        /// The rest cannot be read.
        case malformed
    }

    private var rest: Substring.UTF8View
    /// The end tag that a self-closing tag implies.
    private var pending: Token?

    init(_ document: String) {
        self.rest = Substring(document).utf8
    }

    /// The next token; `nil` at the end of the document.
    mutating func next() -> Token? {
        if let token = self.pending {
            self.pending = nil
            return token
        }
        while let first = self.rest.first {
            guard first == UInt8(ascii: "<") else {
                let text = self.rest.prefix { $0 != UInt8(ascii: "<") }
                self.rest = self.rest[text.endIndex...]
                return Self.decoded(text).map { .text($0) } ?? .malformed
            }
            if self.skip("<![CDATA[") { return self.take(through: "]]>").map { .text(String($0)) } ?? .malformed }
            if self.skip("<!--") {
                guard self.take(through: "-->") != nil else { return .malformed }
            } else if self.skip("<?") {
                guard self.take(through: "?>") != nil else { return .malformed }
            } else if self.skip("<!") {
                // A document type: S3 sends none, and its entities are nothing to expand.
                return .malformed
            } else {
                return self.tag()
            }
        }
        return nil
    }

    private mutating func tag() -> Token {
        self.rest.removeFirst()
        guard let content = self.takeTag() else { return .malformed }
        if content.hasPrefix("/") {
            return Self.localName(content.dropFirst()).map { .end($0) } ?? .malformed
        }
        guard let name = Self.localName(content) else { return .malformed }
        if content.hasSuffix("/") { self.pending = .end(name) }
        return .start(name)
    }

    /// What stands before the `>` that ends a tag; one within quotes does not.
    private mutating func takeTag() -> Substring? {
        var quote: UInt8?
        for index in self.rest.indices {
            switch self.rest[index] {
            case UInt8(ascii: ">") where quote == nil:
                let content = Substring(self.rest[..<index])
                self.rest = self.rest[index...].dropFirst()
                return content
            case let byte where byte == quote: quote = nil
            case let byte where quote == nil && (byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")): quote = byte
            default: continue
            }
        }
        return nil
    }

    private mutating func skip(_ marker: String) -> Bool {
        guard self.rest.starts(with: marker.utf8) else { return false }
        self.rest = self.rest.dropFirst(marker.utf8.count)
        return true
    }

    private mutating func take(through marker: String) -> Substring? {
        var content = self.rest
        while !content.isEmpty {
            if content.starts(with: marker.utf8) {
                let taken = Substring(self.rest[..<content.startIndex])
                self.rest = content.dropFirst(marker.utf8.count)
                return taken
            }
            content = content.dropFirst()
        }
        return nil
    }

    private static func localName(_ content: Substring) -> String? {
        let name = content.prefix { !$0.isWhitespace && $0 != "/" }
        let local = name.split(separator: ":", omittingEmptySubsequences: false).last.map(String.init)
        return local?.isEmpty == true ? nil : local
    }
}

// MARK: - Entities

extension XMLScanner {
    private static let entities: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
    ]

    /// `text` with its entities replaced; `nil` when one is unknown or not ended.
    private static func decoded(_ text: Substring.UTF8View) -> String? {
        var decoded = String.UnicodeScalarView()
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            guard scalar == "&" else {
                decoded.append(scalar)
                continue
            }
            guard let end = rest.firstIndex(of: ";"), let value = self.scalar(of: String(rest[..<end])) else {
                return nil
            }
            decoded.append(value)
            rest = rest[end...].dropFirst()
        }
        return String(decoded)
    }

    /// The meaning of `amp`, `#38` or `#x26`.
    private static func scalar(of entity: String) -> Unicode.Scalar? {
        guard entity.hasPrefix("#") else { return self.entities[entity] }
        let digits = entity.dropFirst()
        let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap(Unicode.Scalar.init)
    }
}
