package import Domain
package import FoundationEssentials

/// One value of a document.
///
/// Types that this service neither reads nor writes (and the rare value that Swift cannot hold exactly) travel as
/// ``opaque(_:)``, so that copying a document of other writers loses nothing.
package enum BSONValue: Hashable, Sendable {
    case double(Double)
    case string(String)
    case document(BSONDocument)
    case array([BSONValue])
    case binary(BSONBinary)
    case objectID(ObjectID)
    case bool(Bool)
    /// Kept to the millisecond.
    case date(Date)
    case null
    case int32(Int32)
    case int64(Int64)
    case timestamp(BSONTimestamp)
    case opaque(BSONOpaque)

    /// A whole number in its smallest form: `int32` when it fits, else `int64`.
    package static func int(_ value: Int) -> BSONValue {
        Int32(exactly: value).map(BSONValue.int32) ?? .int64(Int64(value))
    }
}

/// Bytes with a subtype that says what they are; 0 is plain bytes.
package struct BSONBinary: Hashable, Sendable {
    package let subtype: UInt8
    package let bytes: [UInt8]

    package init(subtype: UInt8 = 0, bytes: [UInt8]) {
        self.subtype = subtype
        self.bytes = bytes
    }
}

/// The replication log's own clock; not a date.
package struct BSONTimestamp: Hashable, Sendable {
    /// Since 1970.
    package let seconds: UInt32
    /// Orders the operations of one second.
    package let increment: UInt32

    package init(seconds: UInt32, increment: UInt32) {
        self.seconds = seconds
        self.increment = increment
    }
}

/// A value kept as the bytes in which it is stored.
///
/// Only this module makes them: bytes of another shape would spoil the document around them.
package struct BSONOpaque: Hashable, Sendable {
    /// The element type of <https://bsonspec.org/spec.html>, such as 0x13 for a decimal.
    package let type: UInt8
    package let bytes: [UInt8]
}
