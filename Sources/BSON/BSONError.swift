/// Why bytes are no document, or why a value and a document do not fit each other.
///
/// Switch on ``code``; log the whole value. It may quote up to 60 characters of the document.
public struct BSONError: Error, Hashable, Sendable {
    /// What the caller can do about it.
    public enum Code: String, CaseIterable, Sendable {
        /// The bytes are no BSON: whoever wrote or sent them must send others.
        case malformed
        /// BSON cannot hold the value: it is too deep or too large, is no document, or has a key with a zero byte or a
        /// date or number out of range. The value must change.
        case unencodable
        /// The document does not fit the type: read it as another, or correct it.
        case undecodable
    }

    /// What the caller can do about it.
    public let code: Code
    /// The keys that lead to the value, such as `boxes.3.x`; empty for the document itself and where none are known, as
    /// in malformed bytes.
    public let path: String
    /// What is wrong there, for people and logs.
    public let message: String

    init(_ code: Code, path: String = "", _ message: String) {
        self.code = code
        self.path = path
        self.message = message
    }
}

extension BSONError: CustomStringConvertible {
    /// The path and what is wrong there.
    public var description: String { self.path.isEmpty ? self.message : "\(self.path): \(self.message)" }
}

extension BSONError {
    /// Translates what `Codable` reports.
    init(_ code: Code, coding error: any Error) {
        let context: (path: [any CodingKey], text: String) =
            switch error {
            case EncodingError.invalidValue(_, let context): (context.codingPath, context.debugDescription)
            case DecodingError.typeMismatch(_, let context): (context.codingPath, context.debugDescription)
            case DecodingError.valueNotFound(_, let context): (context.codingPath, context.debugDescription)
            case DecodingError.dataCorrupted(let context): (context.codingPath, context.debugDescription)
            case DecodingError.keyNotFound(let key, let context): (context.codingPath + [key], "missing")
            default: ([], "\(error)")
            }
        self.init(code, path: context.path.map(\.stringValue).joined(separator: "."), context.text)
    }
}
