internal import FoundationEssentials

/// Makes `Decodable` values of documents.
///
/// Tolerant between number types as long as the value is the same: old documents hold counts as doubles, and 3.0 reads
/// as the integer 3. A key that is absent or null reads as a missing optional.
public struct BSONDecoder: Sendable {
    /// A decoder, which keeps nothing between calls.
    public init() {}

    /// Throws `.undecodable`, naming the key path, when the document does not fit `type`.
    public func decode<Record: Decodable>(
        _ type: Record.Type, from document: BSONDocument
    ) throws(BSONError) -> Record {
        try self.decodeValue(type, from: .document(document))
    }

    /// As ``decode(_:from:)``, for a value that may also be a number, text or array.
    public func decodeValue<Record: Decodable>(_ type: Record.Type, from value: BSONValue) throws(BSONError) -> Record {
        do {
            return try BSONValueDecoder(value, at: nil, in: []).decode(type)
        } catch {
            throw BSONError(.undecodable, coding: error)
        }
    }
}

/// Reads one value for the type that asks.
struct BSONValueDecoder: Decoder {
    let value: BSONValue
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private let parentPath: [any CodingKey]
    private let key: (any CodingKey)?

    /// - Parameter key: where the value lies in its parent; `nil` for the outermost.
    init(_ value: BSONValue, at key: (any CodingKey)?, in parentPath: [any CodingKey]) {
        self.value = value
        self.key = key
        self.parentPath = parentPath
    }

    /// Joined only when asked for: most elements of an array never are.
    var codingPath: [any CodingKey] { self.parentPath + (self.key.map { [$0] } ?? []) }

    func decode<Record: Decodable>(_ type: Record.Type) throws -> Record {
        // In two steps: a missing value would pass as an empty optional.
        if let stored = try self.decodeAsItself(type), let record = stored as? Record { return record }
        return try Record(from: self)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let document = try self.expect(self.value.documentValue, "a document")
        return KeyedDecodingContainer(BSONKeyedDecoding(document, codingPath: self.codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        BSONUnkeyedDecoding(try self.expect(self.value.arrayValue, "an array"), codingPath: self.codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    /// The value for a type that BSON stores itself; `nil` for a type that decodes by its own containers.
    private func decodeAsItself(_ type: any Decodable.Type) throws -> Any? {
        switch type {
        case is Int.Type: try self.expect(self.value.intValue, "a whole number")
        case is String.Type: try self.expect(self.value.stringValue, "text")
        case is Double.Type: try self.expect(self.value.doubleValue, "a number")
        case is Bool.Type: try self.expect(self.value.boolValue, "true or false")
        case is ObjectID.Type: try self.expect(self.value.objectIDValue, "an ObjectId")
        case is Date.Type: try self.expect(self.value.dateValue, "a date")
        case is BSONValue.Type: self.value
        case is BSONDocument.Type: try self.expect(self.value.documentValue, "a document")
        case is Float.Type: Float(try self.expect(self.value.doubleValue, "a number"))
        case let type as any FixedWidthInteger.Type: try self.decodeInteger(type)
        default: nil
        }
    }

    private func decodeInteger<Integer: FixedWidthInteger>(_ type: Integer.Type) throws -> Integer {
        try self.expect(self.value.intValue.flatMap { Integer(exactly: $0) }, "a whole number for \(type)")
    }

    /// Enough of the value to recognise it in a log.
    private var excerpt: String { String("\(self.value)".prefix(60)) }

    private func expect<Content>(_ content: Content?, _ what: String) throws -> Content {
        guard let content else {
            throw DecodingError.typeMismatch(
                Content.self, .init(codingPath: self.codingPath, debugDescription: "\(self.excerpt) is not \(what)"))
        }
        return content
    }
}

extension BSONValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { self.value == .null }
}

// Codable only for this module's coders, which store both as they are and never come here.

extension BSONValue: Codable {
    /// Throws: only ``BSONDecoder`` gives these values.
    public init(from decoder: any Decoder) throws { throw BSONCodingMisuse() }
    /// Throws: only ``BSONEncoder`` takes these values.
    public func encode(to encoder: any Encoder) throws { throw BSONCodingMisuse() }
}

extension BSONDocument: Codable {
    /// Throws: only ``BSONDecoder`` gives these values.
    public init(from decoder: any Decoder) throws { throw BSONCodingMisuse() }
    /// Throws: only ``BSONEncoder`` takes these values.
    public func encode(to encoder: any Encoder) throws { throw BSONCodingMisuse() }
}

private struct BSONCodingMisuse: Error, CustomStringConvertible {
    var description: String { "BSON values are coded only as BSON" }
}
