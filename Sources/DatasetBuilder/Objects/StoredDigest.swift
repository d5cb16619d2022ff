internal import Domain
internal import ObjectStore

/// SHA-256 of objects as they lie in the store, bytes and not what is said of them.
struct StoredDigest: Sendable {
    let store: any BlobStore
    /// For a copy of objects that are not on this machine.
    let folder: String

    /// - Throws: `BlobError` with `.unreadable` when the object is not there or its bytes are not those that were put.
    func sha256(of key: String) async throws -> String {
        let scratch = ScratchFile(folder: self.folder, name: "object-\(UInt64.random(in: .min ... .max))")
        defer { scratch.remove() }
        guard let arrived = try await self.store.download(key, to: scratch.makePath()), let sha256 = arrived.sha256
        else { throw BlobError(code: .unreadable, subject: key, message: "the object is not there") }
        return sha256
    }
}
