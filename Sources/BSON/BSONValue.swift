public import FoundationEssentials

/// One value of a document.
///
/// Types that have no case of their own (and the rare value that Swift cannot hold exactly) travel as ``opaque(_:)``,
/// so that copying a document of other writers loses nothing.
public enum BSONValue: Hashable, Sendable {
    /// 64 bits, also infinite or not a number.
    case double(Double)
    /// UTF-8, which may hold zero bytes.
    case string(String)
    /// A document in this one.
    case document(BSONDocument)
    /// Values of any types, in order.
    case array([BSONValue])
    /// Bytes.
    case binary(BSONBinary)
    /// An identifier.
    case objectID(ObjectID)
    /// True or false.
    case bool(Bool)
    /// Kept to the millisecond.
    case date(Date)
    /// Stored as null, which is not the same as absent.
    case null
    /// A whole number of 32 bits.
    case int32(Int32)
    /// A whole number of 64 bits.
    case int64(Int64)
    /// A place in the replication log.
    case timestamp(BSONTimestamp)
    /// A value as the bytes in which it is stored.
    case opaque(BSONOpaque)

    /// A whole number in its smallest form: `int32` when it fits, else `int64`.
    public static func int(_ value: Int) -> BSONValue {
        Int32(exactly: value).map(BSONValue.int32) ?? .int64(Int64(value))
    }
}

/// Bytes with a subtype that says what they are; 0 is plain bytes.
public struct BSONBinary: Hashable, Sendable {
    /// As <https://bsonspec.org/spec.html> counts them, such as 4 for a UUID.
    public let subtype: UInt8
    /// In the order in which they are stored.
    public let bytes: [UInt8]

    /// Bytes as they are.
    public init(subtype: UInt8 = 0, bytes: [UInt8]) {
        self.subtype = subtype
        self.bytes = bytes
    }
}

/// The replication log's own clock; not a date.
public struct BSONTimestamp: Hashable, Sendable {
    /// Since 1970.
    public let seconds: UInt32
    /// Orders the operations of one second.
    public let increment: UInt32

    /// A place in the log, which only servers make.
    public init(seconds: UInt32, increment: UInt32) {
        self.seconds = seconds
        self.increment = increment
    }
}

/// A value kept as the bytes in which it is stored.
///
/// Only this module makes them: bytes of another shape would spoil the document around them.
public struct BSONOpaque: Hashable, Sendable {
    /// The element type of <https://bsonspec.org/spec.html>, such as 0x13 for a decimal.
    public let type: UInt8
    /// Without type and key.
    public let bytes: [UInt8]
}
