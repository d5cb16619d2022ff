/// A key of a path that no type of the program names: a position in an array, or a super-class.
enum BSONKey: CodingKey {
    case position(Int)
    case name(String)

    static let `super` = BSONKey.name("super")

    init(stringValue: String) { self = .name(stringValue) }
    init(intValue: Int) { self = .position(intValue) }

    /// Made only when an error is to be told: arrays have many positions.
    var stringValue: String {
        switch self {
        case .position(let position): String(position)
        case .name(let name): name
        }
    }

    var intValue: Int? {
        guard case .position(let position) = self else { return nil }
        return position
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
