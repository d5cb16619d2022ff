internal import FoundationEssentials

/// Reads BSON bytes and believes none of them: every length is checked against what encloses it.
///
/// Lives only while its bytes are lent; what it returns are copies.
@safe
struct BSONReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// Where the innermost open document ends.
    private var limit: Int
    private var depth = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.bytes = unsafe bytes
        self.limit = bytes.count
    }

    mutating func readDocument() throws(BSONError) -> BSONDocument {
        var elements: [BSONDocument.Element] = []
        try self.readElements { (reader, type) throws(BSONError) in
            let key = try reader.readKey()
            elements.append(BSONDocument.Element(key: key, value: try reader.readValue(of: type)))
        }
        return BSONDocument(elements: elements)
    }

    func expectEnd() throws(BSONError) {
        guard unsafe self.position == self.bytes.count else { throw self.fault("bytes after the document") }
    }

    /// An array is a document whose keys count from 0; they are not kept.
    private mutating func readArray() throws(BSONError) -> [BSONValue] {
        var values: [BSONValue] = []
        try self.readElements { (reader, type) throws(BSONError) in
            _ = try reader.readZeroTerminated()
            values.append(try reader.readValue(of: type))
        }
        return values
    }

    private mutating func readElements(
        _ readElement: (inout BSONReader, _ type: UInt8) throws(BSONError) -> Void
    ) throws(BSONError) {
        let outerLimit = self.limit
        let start = self.position
        let length = Int(try self.readInteger() as Int32)
        guard length >= BSONFormat.minimumDocumentByteCount, length <= outerLimit - start else {
            throw self.fault("a document of \(length) bytes")
        }
        self.depth += 1
        guard self.depth <= BSONFormat.maximumDepth else { throw self.fault("nested too deep") }
        self.limit = start + length
        while true {
            let type = try self.readInteger() as UInt8
            guard type != 0 else { break }
            try readElement(&self, type)
        }
        guard self.position == self.limit else { throw self.fault("a document that ends early") }
        self.depth -= 1
        self.limit = outerLimit
    }

    private mutating func readValue(of type: UInt8) throws(BSONError) -> BSONValue {
        switch type {
        case BSONFormat.double: .double(Double(bitPattern: try self.readInteger()))
        case BSONFormat.string: try self.readString()
        case BSONFormat.document: .document(try self.readDocument())
        case BSONFormat.array: .array(try self.readArray())
        case BSONFormat.binary: .binary(try self.readBinary())
        case BSONFormat.objectID: .objectID(try self.readObjectID())
        case BSONFormat.bool: .bool(try self.readBool())
        case BSONFormat.date: try self.readDate()
        case BSONFormat.null: .null
        case BSONFormat.int32: .int32(try self.readInteger())
        case BSONFormat.int64: .int64(try self.readInteger())
        case BSONFormat.timestamp: .timestamp(try self.readTimestamp())
        default: try self.readOpaque(type)
        }
    }
}

/// The values of fixed or counted size.
extension BSONReader {
    /// Text that is not UTF-8 stays as it is, unread.
    private mutating func readString() throws(BSONError) -> BSONValue {
        let start = self.position
        let length = Int(try self.readInteger() as Int32)
        guard length >= 1 else { throw self.fault("a string of \(length) bytes") }
        let content = unsafe try self.take(length)
        guard unsafe content.last == 0 else { throw self.fault("a string without its zero") }
        guard let text = unsafe String(validating: content.dropLast(), as: UTF8.self) else {
            return .opaque(BSONOpaque(type: BSONFormat.string, bytes: self.copy(from: start)))
        }
        return .string(text)
    }

    private mutating func readBinary() throws(BSONError) -> BSONBinary {
        let length = Int(try self.readInteger() as Int32)
        let subtype = try self.readInteger() as UInt8
        return BSONBinary(subtype: subtype, bytes: unsafe Array(try self.take(length)))
    }

    private mutating func readObjectID() throws(BSONError) -> ObjectID {
        let seconds = try self.readInteger() as UInt32
        return ObjectID(seconds: seconds.byteSwapped, unique: (try self.readInteger() as UInt64).byteSwapped)
    }

    private mutating func readBool() throws(BSONError) -> Bool {
        switch try self.readInteger() as UInt8 {
        case 0: false
        case 1: true
        case let other: throw self.fault("a truth value of \(other)")
        }
    }

    /// A date beyond what `Date` holds to the millisecond stays as it is.
    private mutating func readDate() throws(BSONError) -> BSONValue {
        let start = self.position
        guard let date = Date(bsonMilliseconds: try self.readInteger()) else {
            return .opaque(BSONOpaque(type: BSONFormat.date, bytes: self.copy(from: start)))
        }
        return .date(date)
    }

    private mutating func readTimestamp() throws(BSONError) -> BSONTimestamp {
        let increment = try self.readInteger() as UInt32
        return BSONTimestamp(seconds: try self.readInteger(), increment: increment)
    }

    private mutating func readOpaque(_ type: UInt8) throws(BSONError) -> BSONValue {
        let start = self.position
        switch type {
        case BSONFormat.undefined, BSONFormat.minimumKey, BSONFormat.maximumKey: break
        case BSONFormat.regularExpression:
            _ = try self.readZeroTerminated()
            _ = try self.readZeroTerminated()
        case BSONFormat.code, BSONFormat.symbol: _ = try self.readString()
        case BSONFormat.pointer:
            _ = try self.readString()
            _ = try self.readObjectID()
        case BSONFormat.codeWithScope:
            let length = Int(try self.readInteger() as Int32)
            _ = unsafe try self.take(length - MemoryLayout<Int32>.size)
        case BSONFormat.decimal128: _ = unsafe try self.take(16)
        default: throw self.fault("unknown element type \(type)")
        }
        return .opaque(BSONOpaque(type: type, bytes: self.copy(from: start)))
    }
}

/// The only ways to the bytes.
extension BSONReader {
    private mutating func take(_ count: Int) throws(BSONError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= self.limit - self.position else {
            throw self.fault("\(count) bytes wanted of \(self.limit - self.position)")
        }
        defer { self.position += count }
        return unsafe UnsafeRawBufferPointer(rebasing: self.bytes[self.position..<self.position + count])
    }

    private mutating func readInteger<Integer: FixedWidthInteger & BitwiseCopyable>() throws(BSONError) -> Integer {
        let content = unsafe try self.take(MemoryLayout<Integer>.size)
        return unsafe Integer(littleEndian: content.loadUnaligned(as: Integer.self))
    }

    /// The bytes up to the next zero, which is passed over.
    private mutating func readZeroTerminated() throws(BSONError) -> Range<Int> {
        let start = self.position
        guard let end = unsafe self.bytes[start..<self.limit].firstIndex(of: 0) else {
            throw self.fault("a key without its zero")
        }
        self.position = end + 1
        return start..<end
    }

    private mutating func readKey() throws(BSONError) -> String {
        let range = try self.readZeroTerminated()
        guard let key = unsafe String(validating: self.bytes[range], as: UTF8.self) else {
            throw self.fault("a key that is not UTF-8")
        }
        return key
    }

    private func copy(from start: Int) -> [UInt8] {
        unsafe Array(self.bytes[start..<self.position])
    }

    private func fault(_ what: String) -> BSONError {
        BSONError(.malformed, "\(what) at byte \(self.position)")
    }
}
