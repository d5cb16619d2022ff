import Domain
import FoundationEssentials
import ObjectStore

/// The object store: writes one small object, reads it back and removes it.
struct StoreCheck: Check {
    private static let name = "object_store"
    /// Of the object's key; what a check that was killed leaves behind is found and may be removed.
    private static let prefix = "content-processor-doctor/"

    let store: Result<any BlobStore, BlobError>
    /// Takes what is read back.
    let scratch: String

    func diagnostics() async -> [Diagnostic] {
        do throws(BlobError) {
            let store = try self.store.get()
            let key = "\(Self.prefix)\(UUID().uuidString).txt"
            // One question that is never repeated, so that a store that is away is told soon.
            try await store.checkReadiness()
            let problem = try await self.tryOut(store, at: key)
            guard let problem else {
                return [.ok(Self.name, "wrote, read back and removed \(store.location(of: key))")]
            }
            return [.failed(Self.name, problem, advice: "look into the store: it does not keep what it confirmed")]
        } catch {
            return [.failed(Self.name, "\(error)", advice: Self.advice(on: error))]
        }
    }

    /// - Returns: what is wrong; `nil` when the store did what it should.
    private func tryOut(_ store: any BlobStore, at key: String) async throws(BlobError) -> String? {
        let bytes = Array("Written by content-processor doctor, which removes it at once.\n".utf8)
        let digest = ContentDigest.sha256(of: bytes)
        let path = "\(self.scratch)/doctor-\(UUID().uuidString).part"
        defer { try? FileManager.default.removeItem(atPath: path) }  // Not there unless something was read.
        do throws(BlobError) {
            try await store.put(bytes, at: key, contentType: "text/plain", sha256: digest)
            // Its errors are those of the folder check.
            try? FileManager.default.createDirectory(atPath: self.scratch, withIntermediateDirectories: true)
            let read = try await store.download(key, to: path)
            try await store.remove(key)
            guard read?.sha256 == digest else {
                return "\(store.location(of: key)) did not come back as it was written"
            }
            guard try await store.information(of: key) == nil else {
                return "\(store.location(of: key)) is still there"
            }
            return nil
        } catch {
            try? await store.remove(key)  // The first error is the one to tell.
            throw error
        }
    }

    private static func advice(on error: BlobError) -> String {
        switch error.code {
        case .unavailable: "start the store, or correct [S3] endpoint, region or ca_file, or the network between"
        case .denied: "correct [S3] keys and bucket_name; the keys must read, write, list and remove objects"
        case .full: "make room in the store"
        case .unreadable: "look at the work folder and at what stands between this machine and the store"
        case .refused: "correct [S3]: the message says what it does not take"
        }
    }
}
