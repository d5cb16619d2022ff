/// One configured key of callers.
package struct ServiceKey: Hashable, Sendable {
    package enum Form: Hashable, Sendable {
        case plain(Secret)
        /// The digest of the key's UTF-8 bytes, 64 lower-case hexadecimal digits.
        case sha256(String)
    }

    package let form: Form
    /// Where it stands, for messages.
    package let place: String

    package init(_ form: Form, place: String) {
        self.form = form
        self.place = place
    }
}
