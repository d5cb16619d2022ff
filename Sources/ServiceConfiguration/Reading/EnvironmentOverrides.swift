/// The environment's part of the settings: a variable `SECTION_KEY` replaces the file's value of that key.
///
/// A variable that is set but empty counts as not set, as compose files produce it. Names that only begin like a
/// section (`S3_FOO`, `MONGODB_SERVICE_HOST`) belong to others and are ignored; those that differ from a key's by a letter
/// or two (`APP_PROT`), or by its former name (`S3_BUCKET`), are noticed.
struct EnvironmentOverrides: Sendable {
    private let values: [String: String]
    /// Variables that name a key and hold a container platform's link instead of a value, in ascending order.
    let serviceLinks: [String]
    /// Variables that name no key and look like one, with the variable that was probably meant, in ascending order.
    let misspelled: [(name: String, meant: String)]

    init(_ environment: [String: String]) {
        let values = environment.mapValues(\.trimmed).filter { !$0.value.isEmpty }
        let links = values.filter { Self.isServiceLink(name: $0.key, value: $0.value) }.keys
        self.values = values.filter { !links.contains($0.key) }
        let known = KeyTable.sections.filter { !type(of: $0).isNumbered }.flatMap { keys in
            keys.all.map { Self.variable(section: type(of: keys).section, key: $0.name) }
        }
        self.serviceLinks = links.filter(known.contains).sorted()
        self.misspelled = self.values.keys.sorted().compactMap { name in
            known.contains(name) ? nil : Self.meant(by: name).map { (name, $0) }
        }
    }

    /// The variable that an unknown one probably means; `nil` for one of others.
    private static func meant(by name: String) -> String? {
        for keys in KeyTable.sections where !type(of: keys).isNumbered {
            let section = type(of: keys).section
            let prefix = "\(section.uppercased())_"
            guard name.hasPrefix(prefix) else { continue }
            let key = NameHint.likelyKey(
                for: String(name.dropFirst(prefix.count)), inSection: section, among: keys.all.map(\.name))
            return key.map { Self.variable(section: section, key: $0) }
        }
        return nil
    }

    /// For instance `AUTOANNOTATION_2_ENGINE`.
    static func variable(section: String, key: String) -> String {
        String("\(section)_\(key)".uppercased().map { $0 == "." ? "_" : $0 })
    }

    subscript(section section: String, key key: String) -> String? {
        self.values[Self.variable(section: section, key: key)]
    }

    /// The numbers n of the sections `<section>.<n>` for which any variable names a known key.
    func numbers(of keys: some SectionKeys) -> Set<Int> {
        let prefix = type(of: keys).section.uppercased() + "_"
        let suffixes = Set(keys.all.map { $0.name.uppercased() })
        return Set(
            self.values.keys.compactMap { name in
                guard name.hasPrefix(prefix) else { return nil }
                let parts = name.dropFirst(prefix.count).split(separator: "_", maxSplits: 1)
                guard let number = parts.first, let suffix = parts.last, suffixes.contains(String(suffix)) else {
                    return nil
                }
                return SectionNumber.parse(number)
            })
    }

    /// Kubernetes and Docker announce a service called `mongodb` as `MONGODB_PORT=tcp://10.0.0.7:27017`, in every
    /// container beside it (<https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables>).
    private static func isServiceLink(name: String, value: String) -> Bool {
        name.hasSuffix("_PORT") && ["tcp://", "udp://", "sctp://"].contains { value.hasPrefix($0) }
    }
}

/// The number in the name of a section such as `AutoAnnotation.2`.
enum SectionNumber {
    /// 1 … 999999 without leading zeros; `nil` for anything else.
    static func parse(_ text: some StringProtocol) -> Int? {
        guard let number = Int(text), (1...999_999).contains(number), String(number) == text else { return nil }
        return number
    }
}
