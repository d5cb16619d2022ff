/// A key that both stores accept: a relative path of plain components.
struct ObjectKey: Hashable, Sendable {
    let text: String

    /// Bytes; S3's limit.
    static let greatestLength = 1_024

    /// - Throws: ``BlobError`` with `.refused` and the rule that is broken.
    init(_ text: String) throws(BlobError) {
        guard let problem = Self.problem(in: text) else {
            self.text = text
            return
        }
        // The key itself may hold control characters, which do not belong in a log line.
        let subject = String(text.unicodeScalars.prefix(200).map { Self.isControl($0) ? "?" : Character($0) })
        throw BlobError(code: .refused, subject: subject, message: problem)
    }

    /// File names between the slashes; never empty, `.` or `..`.
    var components: [String] { self.text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) } }

    private static func problem(in text: String) -> String? {
        let components = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if text.utf8.count > Self.greatestLength { return "the key is longer than \(Self.greatestLength) bytes" }
        if components.contains(where: \.isEmpty) { return "the key is empty or has an empty component" }
        if components.contains(where: { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }) {
            return "the key has a component . or .."
        }
        if text.unicodeScalars.contains(where: Self.isControl) { return "the key has a control character" }
        return nil
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
    }
}

/// The order in which both stores list keys: Swift's own order of strings is not that of their bytes.
func precedesInBytes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
}
