/// The keys that callers may present. Only their digests are kept, and all are compared in constant time.
package struct KeyRing: Sendable {
    /// SHA-256 of the key that the replaced system's README published: everyone knows it.
    private static let publishedDigest = "5ac2328f0ee3ea130e955a4a791a752ab40563e94e834aff4cf40373573c1f8f"

    /// SHA-256 of each key, in the order of the configuration. Whoever knows them knows no key, but what is derived
    /// from them is as secret as they are.
    package let digests: [[UInt8]]
    private let sha256: @Sendable (String) -> [UInt8]

    /// - Parameters:
    ///   - keys: an empty ring accepts nobody.
    ///   - sha256: the 32 bytes of the SHA-256 digest of the text's UTF-8.
    /// - Throws: ``ConfigurationError`` for the key that was published.
    package init(_ keys: [ServiceKey], sha256: @escaping @Sendable (String) -> [UInt8]) throws(ConfigurationError) {
        var digests: [[UInt8]] = []
        for key in keys {
            let digest =
                switch key.form {
                case .plain(let secret): sha256(secret.reveal())
                case .sha256(let digits): Self.bytes(digits)
                }
            guard digest != Self.bytes(Self.publishedDigest) else {
                throw ConfigurationError(
                    .badValue, at: key.place, "this API key was published by the replaced system; choose another")
            }
            digests.append(digest)
        }
        self.digests = digests
        self.sha256 = sha256
    }

    /// Whether `key` is one of the ring. Takes the same time for every key of a length, right or wrong.
    package func accepts(_ key: String) -> Bool {
        let presented = self.sha256(key)
        var accepted = false
        for digest in self.digests {
            let difference = zip(digest, presented).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
            accepted = difference == 0 && digest.count == presented.count || accepted
        }
        return accepted
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

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
