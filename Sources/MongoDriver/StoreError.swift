/// Why the store failed.
///
/// Switch on ``code``; log the whole value. It never contains the connection's password.
public struct StoreError: Error, Hashable, Sendable {
    /// What the caller can do about it.
    public enum Code: String, CaseIterable, Sendable {
        /// Another document has this key; see ``StoreError/duplicate``. Nothing was written.
        case duplicateKey
        /// The server cannot be reached, is not primary, or was interrupted: worth trying later. A write may have
        /// been done, so repeat only what is harmless to repeat.
        case unavailable
        /// Name, password or rights are wrong: an operator must act.
        case denied
        /// A document cannot be encoded, decoded, or is too large: the data must change.
        case invalid
        /// The server or the driver refused the command; trying again will not help.
        case refused
    }

    /// Which unique index refused a document.
    public struct DuplicateKey: Hashable, Sendable {
        /// As created; `nil` when the server does not say.
        public let indexName: String?
        /// The index's fields in order; empty when the server does not say.
        public let fields: [String]
    }

    /// What the caller can do about it.
    public let code: Code
    /// The command and the collection, such as `insert AnnotationTask`.
    public let call: String
    /// libmongoc's error domain; 0 for errors of this module's own.
    public let domain: UInt32
    /// The server's or libmongoc's number, which depends on ``domain``.
    public let status: UInt32
    /// What the driver or the server says of it; for logs.
    public let message: String
    /// For ``Code/duplicateKey``: what refused the document.
    public let duplicate: DuplicateKey?

    package init(
        _ code: Code, call: String, domain: UInt32 = 0, status: UInt32 = 0, message: String,
        duplicate: DuplicateKey? = nil
    ) {
        self.code = code
        self.call = call
        self.domain = domain
        self.status = status
        self.message = message
        self.duplicate = duplicate
    }

    /// A document that cannot be read or written as BSON.
    init(invalid message: String) {
        self.init(.invalid, call: "BSON", message: message)
    }
}

extension StoreError: CustomStringConvertible {
    /// All but the duplicate, on one line.
    public var description: String {
        "\(self.call): \(self.message) (\(self.code.rawValue), \(self.domain)/\(self.status))"
    }
}
