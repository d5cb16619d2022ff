/// The typed values of one section: `try values.port` is the value of the key `port`, checked by its rule.
@dynamicMemberLookup
struct SectionValues<Keys: SectionKeys> {
    let keys: Keys
    /// As messages show it, such as `AutoAnnotation.2`.
    let section: String
    let source: SettingsSource

    subscript<Value>(dynamicMember path: KeyPath<Keys, Key<Value>>) -> Value {
        get throws(ConfigurationError) {
            let key = self.keys[keyPath: path]
            guard let value = key.rule.parse(self.text(of: key)) else {
                throw self.error(.badValue, about: key, "must be \(key.allowed)")
            }
            return value
        }
    }

    /// Refuses the first value that its key does not allow.
    func check() throws(ConfigurationError) {
        for key in self.keys.all where !key.allows(self.text(of: key)) {
            throw self.error(.badValue, about: key, "must be \(key.allowed)")
        }
    }

    /// Whether the file or the environment gives the key a value.
    func isSet<Value>(_ path: KeyPath<Keys, Key<Value>>) -> Bool {
        self.source.text(section: self.section, key: self.keys[keyPath: path].name) != nil
    }

    /// An error about one key beside the others, with the place of its value: "`place`: [section] key `complaint`".
    func conflict<Value>(about path: KeyPath<Keys, Key<Value>>, _ complaint: String) -> ConfigurationError {
        self.error(.conflict, about: self.keys[keyPath: path], complaint)
    }

    /// Where the key's value stands; the file's name for a default.
    func place<Value>(of path: KeyPath<Keys, Key<Value>>) -> String {
        self.place(of: self.keys[keyPath: path])
    }

    private func text(of key: any AnyKey) -> String {
        self.source.text(section: self.section, key: key.name)?.text ?? key.standard
    }

    private func place(of key: any AnyKey) -> String {
        self.source.text(section: self.section, key: key.name)?.place ?? self.source.document.name
    }

    private func error(
        _ code: ConfigurationError.Code, about key: any AnyKey, _ complaint: String
    ) -> ConfigurationError {
        ConfigurationError(code, at: self.place(of: key), "[\(self.section)] \(key.name) \(complaint)")
    }
}
