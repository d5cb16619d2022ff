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
