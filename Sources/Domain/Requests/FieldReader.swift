/// Reads named text fields and collects what is wrong with them, so that an answer can name every bad field at once.
struct FieldReader {
    let fields: [String: String]
    private(set) var errors: [FieldError] = []

    init(_ fields: [String: String]) {
        self.fields = fields
    }

    mutating func refuse(_ field: String, _ message: String) {
        self.errors.append(FieldError(field: field, message: message))
    }

    /// The field's text, or `nil` after noting that it is missing.
    mutating func text(_ field: String) -> String? {
        guard let text = self.fields[field], !text.isEmpty else {
            self.refuse(field, "\(field) is missing.")
            return nil
        }
        return text
    }

    mutating func objectID(_ field: String) -> ObjectID? {
        guard let text = self.text(field) else { return nil }
        guard let id = ObjectID(text) else {
            self.refuse(field, "\(field) must be an ObjectId of 24 hexadecimal digits.")
            return nil
        }
        return id
    }

    /// A whole number in `range`; `fallback` when the field is absent and has one.
    mutating func integer(_ field: String, in range: ClosedRange<Int>, default fallback: Int? = nil) -> Int? {
        if let fallback, self.fields[field]?.isEmpty ?? true { return fallback }
        guard let text = self.text(field) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            let isOpen = range.upperBound == .max
            let bounds = isOpen ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            self.refuse(field, "\(field) must be a whole number, \(bounds).")
            return nil
        }
        return value
    }
}
