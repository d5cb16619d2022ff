/// Collects what one value encodes of itself.
final class BSONValueEncoder: Encoder {
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]
    fileprivate(set) var part: BSONPart?

    init(codingPath: [any CodingKey]) { self.codingPath = codingPath }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        // A sub-class may ask again for the container that its super-class began.
        if case .document(let begun) = self.part {
            return KeyedEncodingContainer(KeyedContainer(codingPath: self.codingPath, document: begun))
        }
        let document = BSONDocumentPart()
        self.part = .document(document)
        return KeyedEncodingContainer(KeyedContainer(codingPath: self.codingPath, document: document))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        let array = BSONArrayPart()
        self.part = .array(array)
        return UnkeyedContainer(codingPath: self.codingPath, array: array)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleContainer(encoder: self)
    }
}

// The generic `encode` of each container also serves the protocol's fourteen overloads for numbers, text and truth.

private struct KeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let codingPath: [any CodingKey]
    let document: BSONDocumentPart

    private func append(_ part: BSONPart, at key: any CodingKey) {
        self.document.elements.append((key.stringValue, part))
    }

    func encodeNil(forKey key: Key) { self.append(.finished(.null), at: key) }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        self.append(try BSONPart(encoding: value, at: self.codingPath + [key]), at: key)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        let document = BSONDocumentPart()
        self.append(.document(document), at: key)
        return KeyedEncodingContainer(
            KeyedContainer<NestedKey>(codingPath: self.codingPath + [key], document: document))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        let array = BSONArrayPart()
        self.append(.array(array), at: key)
        return UnkeyedContainer(codingPath: self.codingPath + [key], array: array)
    }

    func superEncoder() -> any Encoder { self.laterEncoder(at: BSONKey.super) }
    func superEncoder(forKey key: Key) -> any Encoder { self.laterEncoder(at: key) }

    private func laterEncoder(at key: any CodingKey) -> BSONValueEncoder {
        let encoder = BSONValueEncoder(codingPath: self.codingPath + [key])
        self.append(.later(encoder), at: key)
        return encoder
    }
}

private struct UnkeyedContainer: UnkeyedEncodingContainer {
    let codingPath: [any CodingKey]
    let array: BSONArrayPart

    var count: Int { self.array.parts.count }
    private var nextPath: [any CodingKey] { self.codingPath + [BSONKey.position(self.count)] }

    func encodeNil() { self.array.parts.append(.finished(.null)) }

    func encode(_ value: some Encodable) throws {
        self.array.parts.append(try BSONPart(encoding: value, at: self.nextPath))
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        let container = KeyedContainer<NestedKey>(codingPath: self.nextPath, document: BSONDocumentPart())
        self.array.parts.append(.document(container.document))
        return KeyedEncodingContainer(container)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        let container = UnkeyedContainer(codingPath: self.nextPath, array: BSONArrayPart())
        self.array.parts.append(.array(container.array))
        return container
    }

    func superEncoder() -> any Encoder {
        let encoder = BSONValueEncoder(codingPath: self.nextPath)
        self.array.parts.append(.later(encoder))
        return encoder
    }
}

private struct SingleContainer: SingleValueEncodingContainer {
    let encoder: BSONValueEncoder
    var codingPath: [any CodingKey] { self.encoder.codingPath }

    func encodeNil() { self.encoder.part = .finished(.null) }

    func encode(_ value: some Encodable) throws {
        self.encoder.part = try BSONPart(encoding: value, at: self.codingPath)
    }
}
