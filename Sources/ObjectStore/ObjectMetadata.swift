/// What is kept with an object besides its bytes.
struct ObjectMetadata: Hashable, Sendable {
    let contentType: String
    let sha256: String

    /// What both stores say of a file with other bytes than announced.
    static let digestMismatch = "the file's bytes do not have the announced SHA-256"

    /// What both stores say of an object with other bytes than were put.
    static let storedBytesDiffer = "the object's bytes do not have the SHA-256 that is kept with it"

    /// - Throws: ``BlobError`` with `.refused` when a value could not be kept or would spoil a header.
    func check(for key: String) throws(BlobError) {
        guard isSHA256(self.sha256) else {
            throw BlobError(
                code: .refused, subject: key, message: "the SHA-256 is not 64 lower-case hexadecimal digits")
        }
        guard (1...255).contains(self.contentType.utf8.count),
            self.contentType.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw BlobError(code: .refused, subject: key, message: "the content type is not plain ASCII")
        }
    }
}
