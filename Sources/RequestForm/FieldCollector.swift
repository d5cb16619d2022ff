/// Gathers fields and what is wrong with them, under the rules that all encodings share.
struct FieldCollector {
    /// Far above what any request needs, and low enough that an answer naming each stays small.
    static let maximumFieldCount = 64
    static let maximumNameByteCount = 128

    private var fields: [String: String] = [:]
    private var problems: [FieldProblem] = []
    private var names: Set<String> = []
    private var count = 0

    /// Notes the next field: its value, or the complaint about it. A `nil` value counts as absent.
    mutating func add(_ name: String, _ content: Content) throws(RequestFormError) {
        guard name.utf8.count <= Self.maximumNameByteCount else {
            throw .malformed("a field's name is longer than \(Self.maximumNameByteCount) bytes")
        }
        self.count += 1
        guard self.count <= Self.maximumFieldCount else {
            throw .malformed("the body has more than \(Self.maximumFieldCount) fields")
        }
        guard self.names.insert(name).inserted else {
            let problem = FieldProblem(field: name, message: "is given more than once")
            if !self.problems.contains(problem) { self.problems.append(problem) }
            return
        }
        switch content {
        case .absent: break
        case .text(let text) where text.utf8.contains(0): self.complain(name, "holds a NUL character")
        case .text(let text): self.fields[name] = text
        case .invalid(let message): self.complain(name, message)
        }
    }

    /// The fields, unless there was a complaint.
    consuming func finish() throws(RequestFormError) -> [String: String] {
        guard self.problems.isEmpty else { throw .invalidFields(self.problems) }
        return self.fields
    }

    private mutating func complain(_ name: String, _ message: String) {
        self.problems.append(FieldProblem(field: name, message: message))
    }

    /// What a body says for a field.
    enum Content {
        case text(String)
        /// JSON's null.
        case absent
        /// Completes a sentence that begins with the field's name.
        case invalid(String)

        static let notUTF8 = Content.invalid("is not UTF-8 text")

        init(utf8 bytes: some Collection<UInt8>) {
            self = String(validating: bytes, as: UTF8.self).map(Content.text) ?? .notUTF8
        }
    }
}
