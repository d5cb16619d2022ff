/// Keys with values, in the order in which they are stored.
///
/// The order is part of the value, as it is for the database. Keys are not repeated by documents made here; a stored
/// document that repeats one keeps both, and reading by key gives the first.
package struct BSONDocument: Hashable, Sendable {
    package struct Element: Hashable, Sendable {
        package let key: String
        package var value: BSONValue
    }

    package private(set) var elements: [Element]

    init(elements: [Element]) { self.elements = elements }

    /// - Precondition: no key occurs twice.
    package init(uniqueKeysWithValues pairs: some Sequence<(String, BSONValue)>) {
        self.elements = pairs.map { Element(key: $0.0, value: $0.1) }
    }

    /// The value at `key`; setting `nil` removes it, setting a new key appends it. Costs a scan of the keys.
    package subscript(key: String) -> BSONValue? {
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

    package var keys: [String] { self.elements.map(\.key) }
    package var count: Int { self.elements.count }
    package var isEmpty: Bool { self.elements.isEmpty }

    /// This document with the values of `other`, which win.
    package func merging(_ other: BSONDocument) -> BSONDocument {
        var merged = self
        for element in other.elements { merged[element.key] = element.value }
        return merged
    }
}

extension BSONDocument: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, BSONValue)...) {
        self.init(uniqueKeysWithValues: elements)
    }
}

extension BSONDocument: CustomStringConvertible {
    /// For people and logs; not a format to be read back.
    package var description: String {
        "{\(self.elements.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
    }
}
