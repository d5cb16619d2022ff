/// Text that is equal to other text only byte by byte.
///
/// Swift's strings are equal when they look alike: `é` as one scalar and as `e` with an accent. For databases, file
/// systems and training programs those are two names, so names that others gave are compared by their UTF-8 bytes.
package struct ExactText: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: ExactText, right: ExactText) -> Bool { left.text.isSameText(as: right.text) }

    package func hash(into hasher: inout Hasher) {
        for byte in self.text.utf8 { hasher.combine(byte) }
    }
}

extension String {
    /// Whether both have the same bytes in UTF-8.
    package func isSameText(as other: String) -> Bool { self.utf8.elementsEqual(other.utf8) }

    /// By bytes, which is also the order of scalars.
    package func precedesByBytes(_ other: String) -> Bool { self.utf8.lexicographicallyPrecedes(other.utf8) }
}

extension Sequence<String> {
    /// Each text once, in the order of bytes.
    package var distinctByBytes: [String] {
        Set(self.map(ExactText.init)).map(\.text).sorted { $0.precedesByBytes($1) }
    }
}
