/// Why the settings cannot be used; its description is the one line that a stopped start prints.
///
/// Values never appear in it, so a misplaced secret cannot reach a log.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The file is absent, is no regular file, or cannot be read.
        case unreadable
        /// A line is neither section, key nor comment, or the bytes are not UTF-8.
        case malformed
        case unknownSection
        case unknownKey
        /// A key stands twice in one section.
        case duplicateKey
        /// A value is not what its key allows.
        case badValue
        /// A value is right by itself and wrong beside the others.
        case conflict
    }

    package let code: Code
    /// Where the person must look: `config.cfg:12`, `config.cfg` or `environment variable APP_PORT`.
    package let place: String
    /// What is wrong and what is allowed.
    package let message: String

    package init(_ code: Code, at place: String, _ message: String) {
        self.code = code
        self.place = place
        self.message = message
    }

    /// For instance `config.cfg:12: [App] prot is not a known key; did you mean port?`.
    package var description: String { "\(self.place): \(self.message)" }
}
