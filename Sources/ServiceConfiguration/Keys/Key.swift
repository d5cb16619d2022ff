/// One key of `config.cfg`: its name, default, allowed values and comment are written here and nowhere else.
struct Key<Value: Sendable>: Sendable {
    let name: String
    /// The default as it would stand in the file; empty when the rule says what absence means.
    let standard: String
    let rule: ValueRule<Value>
    /// One line for the person who edits the file, with the unit.
    let comment: String

    init(_ name: String, _ rule: ValueRule<Value>, default standard: String = "", _ comment: String) {
        self.name = name
        self.standard = standard
        self.rule = rule
        self.comment = comment
    }
}

/// What is known of a key without the type of its value.
protocol AnyKey: Sendable {
    var name: String { get }
    var standard: String { get }
    var comment: String { get }
    /// Completes the sentence "<key> must be …".
    var allowed: String { get }
    /// Whether `text` is a value that the key allows.
    func allows(_ text: String) -> Bool
}

extension Key: AnyKey {
    var allowed: String { self.rule.allowed }

    func allows(_ text: String) -> Bool { self.rule.parse(text) != nil }
}

/// The keys of one section, in the order in which the file shows them.
protocol SectionKeys: Sendable {
    /// As written in the file; a numbered section adds `.<n>`.
    static var section: String { get }
    /// Whether there is one section for each number n ≥ 1, such as `AutoAnnotation.2`.
    static var isNumbered: Bool { get }
    init()
}

extension SectionKeys {
    static var isNumbered: Bool { false }

    /// Every key of the section. Read by reflection, so that a key cannot be declared and then forgotten in a list.
    var all: [any AnyKey] {
        Mirror(reflecting: self).children.compactMap { $0.value as? any AnyKey }
    }
}
