/// A key of a path that no type of the program names: a position in an array, or a super-class.
struct BSONKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    static let `super` = BSONKey(stringValue: "super")

    init(stringValue: String) {
        self.stringValue = stringValue
        self.intValue = nil
    }

    init(intValue: Int) {
        self.stringValue = String(intValue)
        self.intValue = intValue
    }
}

extension StoreError {
    /// Translates what `Codable` reports, with the path of keys, such as `boxes.3.boundaries.x`.
    init(coding error: any Error, call: String) {
        let context: (path: [any CodingKey], text: String) =
            switch error {
            case EncodingError.invalidValue(_, let context): (context.codingPath, context.debugDescription)
            case DecodingError.typeMismatch(_, let context): (context.codingPath, context.debugDescription)
            case DecodingError.valueNotFound(_, let context): (context.codingPath, context.debugDescription)
            case DecodingError.dataCorrupted(let context): (context.codingPath, context.debugDescription)
            case DecodingError.keyNotFound(let key, let context): (context.codingPath + [key], "missing")
            default: ([], "\(error)")
            }
        let path = context.path.map(\.stringValue).joined(separator: ".")
        self.init(.invalid, call: call, message: path.isEmpty ? context.text : "\(path): \(context.text)")
    }
}
