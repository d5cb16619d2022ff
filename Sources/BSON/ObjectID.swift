/// MongoDB's 12-byte document id, written as 24 hexadecimal digits everywhere outside the database.
///
/// Format: 4 bytes of seconds since 1970, big endian, then 8 bytes that make it unique
/// (<https://www.mongodb.com/docs/manual/reference/bson-types/#objectid>).
public struct ObjectID: Hashable, Sendable {
    /// Bytes 0–3: seconds since 1970.
    public let seconds: UInt32
    /// Bytes 4–11.
    public let unique: UInt64

    /// An id of these parts.
    public init(seconds: UInt32, unique: UInt64) {
        self.seconds = seconds
        self.unique = unique
    }

    /// Reads 12 bytes in the order in which they are stored; `nil` for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.seconds = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        self.unique = bytes.dropFirst(4).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// How many bytes an id has.
    public static let byteCount = 12

    /// The 12 bytes in the order in which they are stored.
    public var bytes: [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: self.seconds >> (24 - 8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: self.unique >> (56 - 8 * $0)) }
    }
}

extension ObjectID: LosslessStringConvertible {
    /// Reads 24 hexadecimal digits of either case; `nil` for anything else.
    public init?(_ description: String) {
        let digits = description.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 2 * Self.byteCount else { return nil }
        var bytes: [UInt8] = []
        for pair in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[pair], let low = digits[pair + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        self.init(bytes: bytes)
    }

    /// 24 lower-case hexadecimal digits.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: self.bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension ObjectID: Comparable {
    /// The database's own order: by time, then by the unique part.
    public static func < (left: ObjectID, right: ObjectID) -> Bool {
        (left.seconds, left.unique) < (right.seconds, right.unique)
    }
}

extension ObjectID: Codable {
    /// Text in JSON and the like; ``BSONDecoder`` reads the type itself and does not come here.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = ObjectID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not 24 hexadecimal digits")
        }
        self = id
    }

    /// Writes 24 lower-case hexadecimal digits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}
