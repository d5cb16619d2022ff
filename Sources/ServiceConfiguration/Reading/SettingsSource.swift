/// Where settings come from: the environment first, then the file, then the table's defaults.
struct SettingsSource: Sendable {
    let document: INIDocument
    let overrides: EnvironmentOverrides

    /// The text of a key and where it stands; `nil` where neither environment nor file gives one.
    func text(section: String, key: String) -> (text: String, place: String)? {
        if let text = self.overrides[section: section, key: key] {
            let variable = EnvironmentOverrides.variable(section: section, key: key)
            return (text, "environment variable \(variable)")
        }
        guard let entry = self.document.entry(section: section, key: key), !entry.value.isEmpty else { return nil }
        return (entry.value, self.document.place(ofLine: entry.line))
    }

    /// The values of one section.
    ///
    /// - Parameter number: of a numbered section.
    func values<Keys: SectionKeys>(of keys: Keys, number: Int? = nil) -> SectionValues<Keys> {
        SectionValues(keys: keys, section: number.map { "\(Keys.section).\($0)" } ?? Keys.section, source: self)
    }

    /// The numbers of the sections `<section>.<n>` that the file or the environment mentions.
    func numbers<Keys: SectionKeys>(of keys: Keys) -> Set<Int> {
        let prefix = Keys.section.lowercased() + "."
        let inFile = self.document.sections.map { $0.name.lowercased() }.filter { $0.hasPrefix(prefix) }
        return self.overrides.numbers(of: keys)
            .union(inFile.compactMap { SectionNumber.parse($0.dropFirst(prefix.count)) })
    }

    /// Refuses a value that its key does not allow, whether or not the other values leave it a use.
    func checkValues() throws(ConfigurationError) {
        for keys in KeyTable.sections { try self.checkValues(of: keys) }
    }

    private func checkValues<Keys: SectionKeys>(of keys: Keys) throws(ConfigurationError) {
        let numbers: [Int?] = Keys.isNumbered ? self.numbers(of: keys).sorted() : [nil]
        for number in numbers { try self.values(of: keys, number: number).check() }
    }

    /// Refuses a file with a section or key that the table does not hold.
    func checkNames() throws(ConfigurationError) {
        for section in self.document.sections where Self.keys(ofSection: section.name) == nil {
            let names = KeyTable.sections.map { "[\(type(of: $0).section)\(type(of: $0).isNumbered ? ".1" : "")]" }
            let advice = NameHint.advice(for: "[\(section.name)]", among: names)
            throw ConfigurationError(
                .unknownSection, at: self.document.place(ofLine: section.line),
                "[\(section.name)] is not a known section; \(advice)")
        }
        for entry in self.document.entries {
            guard let keys = Self.keys(ofSection: entry.section) else { continue }
            let names = keys.all.map(\.name)
            guard !names.contains(entry.key.lowercased()) else { continue }
            let advice = NameHint.advice(for: entry.key, inSection: type(of: keys).section, among: names)
            throw ConfigurationError(
                .unknownKey, at: self.document.place(ofLine: entry.line),
                "[\(entry.section)] \(entry.key) is not a known key; \(advice)")
        }
    }

    private static func keys(ofSection name: String) -> (any SectionKeys)? {
        KeyTable.sections.first { keys in
            let section = type(of: keys).section.lowercased()
            guard type(of: keys).isNumbered else { return name.lowercased() == section }
            let prefix = section + "."
            return name.lowercased().hasPrefix(prefix) && SectionNumber.parse(name.dropFirst(prefix.count)) != nil
        }
    }
}
