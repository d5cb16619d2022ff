internal import FoundationEssentials

/// Writes documents as BSON bytes.
struct BSONWriter {
    private(set) var bytes: [UInt8] = []
    private var depth = 0

    /// Appends a whole document.
    ///
    /// Throws `.unencodable` for a key with a zero byte, a date out of range, too deep a nesting, or 2 GiB.
    mutating func append(_ document: BSONDocument) throws(BSONError) {
        let start = try self.open()
        for element in document.elements {
            try self.append(key: element.key, element.value)
        }
        try self.close(from: start)
    }

    private mutating func append(_ values: [BSONValue]) throws(BSONError) {
        let start = try self.open()
        for (index, value) in values.enumerated() {
            try self.append(key: String(index), value)
        }
        try self.close(from: start)
    }

    /// Leaves room for the length, which is known only at the end.
    private mutating func open() throws(BSONError) -> Int {
        self.depth += 1
        guard self.depth <= BSONFormat.maximumDepth else {
            throw BSONError(.unencodable, "nested deeper than \(BSONFormat.maximumDepth) documents")
        }
        self.append(integer: 0 as Int32)
        return self.bytes.count - MemoryLayout<Int32>.size
    }

    private mutating func close(from start: Int) throws(BSONError) {
        self.depth -= 1
        self.bytes.append(0)
        var length = try Self.length(self.bytes.count - start)
        for offset in 0..<MemoryLayout<Int32>.size {
            self.bytes[start + offset] = UInt8(truncatingIfNeeded: length)
            length >>= 8
        }
    }

    private static func length(_ byteCount: Int) throws(BSONError) -> Int32 {
        guard let length = Int32(exactly: byteCount) else { throw BSONError(.unencodable, "larger than 2 GiB") }
        return length
    }

    private mutating func append(key: String, _ value: BSONValue) throws(BSONError) {
        self.bytes.append(value.type)
        // A zero byte would end the key early and let its rest be read as values.
        guard !key.utf8.contains(0) else { throw BSONError(.unencodable, "a key contains a zero byte") }
        self.bytes.append(contentsOf: key.utf8)
        self.bytes.append(0)
        try self.append(value)
    }

    private mutating func append(_ value: BSONValue) throws(BSONError) {
        switch value {
        case .double(let value): self.append(integer: value.bitPattern)
        case .string(let value): try self.append(string: value)
        case .document(let value): try self.append(value)
        case .array(let values): try self.append(values)
        case .binary(let value):
            self.append(integer: try Self.length(value.bytes.count))
            self.bytes.append(value.subtype)
            self.bytes.append(contentsOf: value.bytes)
        case .objectID(let value):
            self.append(integer: value.seconds.byteSwapped)
            self.append(integer: value.unique.byteSwapped)
        case .bool(let value): self.bytes.append(value ? 1 : 0)
        case .date(let value): self.append(integer: try value.bsonMilliseconds)
        case .null: break
        case .int32(let value): self.append(integer: value)
        case .int64(let value): self.append(integer: value)
        case .timestamp(let value):
            self.append(integer: value.increment)
            self.append(integer: value.seconds)
        case .opaque(let value): self.bytes.append(contentsOf: value.bytes)
        }
    }

    private mutating func append(string: String) throws(BSONError) {
        self.append(integer: try Self.length(string.utf8.count + 1))
        self.bytes.append(contentsOf: string.utf8)
        self.bytes.append(0)
    }

    private mutating func append(integer: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: integer.littleEndian) { unsafe self.bytes.append(contentsOf: $0) }
    }
}

extension BSONValue {
    fileprivate var type: UInt8 {
        switch self {
        case .double: BSONFormat.double
        case .string: BSONFormat.string
        case .document: BSONFormat.document
        case .array: BSONFormat.array
        case .binary: BSONFormat.binary
        case .objectID: BSONFormat.objectID
        case .bool: BSONFormat.bool
        case .date: BSONFormat.date
        case .null: BSONFormat.null
        case .int32: BSONFormat.int32
        case .int64: BSONFormat.int64
        case .timestamp: BSONFormat.timestamp
        case .opaque(let value): value.type
        }
    }
}
