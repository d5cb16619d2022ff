internal import Domain
internal import FrameKit
internal import Glibc
internal import ObjectStore

extension SourceFile {
    /// SHA-256 of the whole file, through a descriptor of its own that stays open while the bytes are read.
    func sha256() async throws(BlobError) -> String {
        let copy = self.withDescriptor { dup($0) }
        defer { close(copy) }
        return try await ContentDigest.sha256(ofDescriptor: copy)
    }
}

extension JobSource {
    init(_ identity: SourceIdentity, sha256: String) {
        self.init(byteCount: identity.byteCount, modified: identity.modificationTime, sha256: sha256)
    }

    /// Whether the file still looks like the one that the job was planned from.
    func isOf(_ identity: SourceIdentity) -> Bool {
        self.byteCount == identity.byteCount && self.modified == identity.modificationTime
    }
}
