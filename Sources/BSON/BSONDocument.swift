/// Keys with values, in the order in which they are stored.
///
/// The order is part of the value, as it is for the database. Keys are not repeated by documents made here; a stored
/// document that repeats one keeps both, and reading by key gives the first.
public struct BSONDocument: Hashable, Sendable {
    /// A key with its value.
    public struct Element: Hashable, Sendable {
        /// Any text without a zero byte.
        public let key: String
        /// What is stored at the key.
        public var value: BSONValue
    }

    /// All keys with their values, in order.
    public private(set) var elements: [Element]

    init(elements: [Element]) { self.elements = elements }

    /// A document of these keys and values, in this order.
    ///
    /// - Precondition: no key occurs twice.
    public init(uniqueKeysWithValues pairs: some Sequence<(String, BSONValue)>) {
        self.elements = pairs.map { Element(key: $0.0, value: $0.1) }
    }

    /// The value at `key`; setting `nil` removes it, setting a new key appends it. Costs a scan of the keys.
    public subscript(key: String) -> BSONValue? {
        get { self.elements.first { $0.key == key }?.value }
        set {
            let position = self.elements.firstIndex { $0.key == key }
            switch (position, newValue) {
            case (let position?, let value?): self.elements[position].value = value
            case (let position?, nil): self.elements.remove(at: position)
            case (nil, let value?): self.elements.append(Element(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// All keys, in order.
    public var keys: [String] { self.elements.map(\.key) }
    /// How many elements there are.
    public var count: Int { self.elements.count }
    /// Whether there is no element.
    public var isEmpty: Bool { self.elements.isEmpty }

    /// This document with the values of `other`, which win.
    package func merging(_ other: BSONDocument) -> BSONDocument {
        var merged = self
        for element in other.elements { merged[element.key] = element.value }
        return merged
    }
}

extension BSONDocument: ExpressibleByDictionaryLiteral {
    /// As ``init(uniqueKeysWithValues:)``.
    public init(dictionaryLiteral elements: (String, BSONValue)...) {
        self.init(uniqueKeysWithValues: elements)
    }
}

extension BSONDocument: CustomStringConvertible {
    /// For people and logs; not a format to be read back.
    public var description: String {
        "{\(self.elements.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
    }
}
