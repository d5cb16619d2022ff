/// The text of an INI file as sections, keys and values, each with its line; what they mean is decided elsewhere.
///
/// Format: `[section]`, `key = value` or `key: value`, and comments after `#` or `;` on lines of their own. A value
/// goes to the end of its line, so it may hold `;`, `#`, `=` and `%`. Section and key names are case-insensitive. A
/// byte order mark and CR LF are tolerated; a section may be opened again, a key may not be given again.
struct INIDocument: Sendable {
    struct Section: Sendable {
        let name: String
        let line: Int
    }

    struct Entry: Sendable {
        let section: String
        let key: String
        let value: String
        let line: Int
    }

    /// What messages call the file.
    let name: String
    private(set) var sections: [Section] = []
    private(set) var entries: [Entry] = []
    private var indices: [Name: Int] = [:]

    /// A document without lines, for a start without a file.
    init(emptyNamed name: String) {
        self.name = name
    }

    /// - Throws: ``ConfigurationError`` for bytes that are not UTF-8, a line of no kind, or a key given twice.
    init(name: String, bytes: some Collection<UInt8>) throws(ConfigurationError) {
        self.init(emptyNamed: name)
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes.dropFirst(0)
        for (index, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard let line = String(validating: line, as: UTF8.self) else {
                throw ConfigurationError(.malformed, at: self.place(ofLine: index + 1), "the line is not UTF-8 text")
            }
            try self.read(line.trimmed, number: index + 1)
        }
    }

    /// The entry of a key, whatever the case of the names.
    func entry(section: String, key: String) -> Entry? {
        self.indices[Name(section: section, key: key)].map { self.entries[$0] }
    }

    /// For instance `config.cfg:12`.
    func place(ofLine line: Int) -> String { "\(self.name):\(line)" }

    private mutating func read(_ line: String, number: Int) throws(ConfigurationError) {
        guard let first = line.first, first != "#", first != ";" else { return }
        let place = self.place(ofLine: number)
        if first == "[" {
            guard line.last == "]", line.count > 2 else {
                throw ConfigurationError(.malformed, at: place, "a section must be written [name], alone on its line")
            }
            self.sections.append(Section(name: line.dropFirst().dropLast().trimmed, line: number))
            return
        }
        guard let separator = line.firstIndex(where: { $0 == "=" || $0 == ":" }), separator != line.startIndex else {
            throw ConfigurationError(.malformed, at: place, "the line is no [section], key = value or # comment")
        }
        let key = line[..<separator].trimmed
        guard let section = self.sections.last?.name else {
            throw ConfigurationError(.malformed, at: place, "\(key) stands before the first [section]")
        }
        if let other = self.entry(section: section, key: key) {
            throw ConfigurationError(
                .duplicateKey, at: place, "[\(section)] \(key) is given twice, first on line \(other.line)")
        }
        self.indices[Name(section: section, key: key)] = self.entries.count
        let value = line[separator...].dropFirst().trimmed
        self.entries.append(Entry(section: section, key: key, value: value, line: number))
    }

    /// A section and key without their case.
    private struct Name: Hashable {
        let section: String
        let key: String

        init(section: String, key: String) {
            self.section = section.lowercased()
            self.key = key.lowercased()
        }
    }
}
