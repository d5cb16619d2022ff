/// The fields of one document.
struct BSONKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let codingPath: [any CodingKey]
    private let values: [String: BSONValue]

    init(_ document: BSONDocument, codingPath: [any CodingKey]) {
        self.codingPath = codingPath
        self.values = Dictionary(document.elements.map { ($0.key, $0.value) }) { first, _ in first }
    }

    var allKeys: [Key] { self.values.keys.compactMap(Key.init(stringValue:)) }
    func contains(_ key: Key) -> Bool { self.values[key.stringValue] != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try self.decoder(at: key).decodeNil() }

    func decode<Record: Decodable>(_ type: Record.Type, forKey key: Key) throws -> Record {
        try self.decoder(at: key).decode(type)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try self.decoder(at: key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try self.decoder(at: key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try self.decoder(at: BSONKey.super) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try self.decoder(at: key) }

    private func decoder(at key: any CodingKey) throws -> BSONValueDecoder {
        guard let value = self.values[key.stringValue] else {
            throw DecodingError.keyNotFound(key, .init(codingPath: self.codingPath, debugDescription: "missing"))
        }
        return BSONValueDecoder(value, at: key, in: self.codingPath)
    }
}

/// The elements of one array, in order.
struct BSONUnkeyedDecoding: UnkeyedDecodingContainer {
    let codingPath: [any CodingKey]
    private let values: [BSONValue]
    private(set) var currentIndex = 0

    init(_ values: [BSONValue], codingPath: [any CodingKey]) {
        self.values = values
        self.codingPath = codingPath
    }

    var count: Int? { self.values.count }
    var isAtEnd: Bool { self.currentIndex == self.values.count }

    /// Passes over a null, and over nothing else.
    mutating func decodeNil() throws -> Bool {
        guard try self.current().decodeNil() else { return false }
        self.currentIndex += 1
        return true
    }

    mutating func decode<Record: Decodable>(_ type: Record.Type) throws -> Record {
        try self.advance { try $0.decode(type) }
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try self.advance { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try self.advance { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder { try self.advance { $0 } }

    private func current() throws -> BSONValueDecoder {
        let key = BSONKey.position(self.currentIndex)
        guard !self.isAtEnd else {
            throw DecodingError.valueNotFound(
                BSONValue.self,
                .init(codingPath: self.codingPath + [key], debugDescription: "the array has no more elements"))
        }
        return BSONValueDecoder(self.values[self.currentIndex], at: key, in: self.codingPath)
    }

    /// Reads the current element and passes over it when that succeeds.
    private mutating func advance<Content>(_ read: (BSONValueDecoder) throws -> Content) throws -> Content {
        let content = try read(try self.current())
        self.currentIndex += 1
        return content
    }
}
