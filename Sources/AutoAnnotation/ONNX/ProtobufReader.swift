internal import FoundationEssentials

/// Walks through the fields of one Protocol Buffers message (<https://protobuf.dev/programming-guides/encoding/>).
struct ProtobufReader {
    enum Value {
        case number(UInt64)
        /// Text, bytes or a message inside this one.
        case bytes(Data)
    }

    /// The bytes are no message.
    struct Malformed: Error {}

    private var rest: Data

    /// - Parameter bytes: slices of them are lent, not copied: those of a mapped file are read where they are needed.
    init(_ bytes: Data) {
        self.rest = bytes
    }

    /// The next field's number and value; `nil` at the end.
    mutating func next() throws(Malformed) -> (field: Int, value: Value)? {
        guard !self.rest.isEmpty else { return nil }
        let tag = try self.number()
        let field = Int(truncatingIfNeeded: tag >> 3)
        switch tag & 7 {
        case 0: return (field, .number(try self.number()))
        case 1: return (field, .bytes(try self.take(8)))
        case 2:
            guard let count = Int(exactly: try self.number()) else { throw Malformed() }
            return (field, .bytes(try self.take(count)))
        case 5: return (field, .bytes(try self.take(4)))
        default: throw Malformed()
        }
    }

    private mutating func number() throws(Malformed) -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: 0 as UInt64, to: 70, by: 7) {
            guard let byte = self.rest.popFirst() else { throw Malformed() }
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
        }
        throw Malformed()
    }

    private mutating func take(_ count: Int) throws(Malformed) -> Data {
        guard count <= self.rest.count else { throw Malformed() }
        defer { self.rest = self.rest.dropFirst(count) }
        return self.rest.prefix(count)
    }
}
