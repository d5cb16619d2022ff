internal import Domain
internal import MongoStore
internal import ObjectStore

/// Stores clips so that no object of anyone else is overwritten.
///
/// A key belongs to the upload that first wrote it. The shared key of the contract is used while it is free or ours,
/// and otherwise the key with the upload's id in it.
struct ClipObjects: Sendable {
    let job: ProcessingJob
    let context: WorkContext

    /// Puts the clip and returns its key.
    func put(_ path: String, sha256: String, byteCount: Int64, clip: Int) async throws -> String {
        let key = try await self.claimKey(sha256: sha256, clip: clip)
        try await self.context.store.put(contentsOf: path, at: key, contentType: "video/mp4", sha256: sha256)
        try await self.context.database.objects.recordWrite(
            key, by: self.job, clip: clip, sha256: sha256, byteCount: byteCount)
        return key
    }

    private func claimKey(sha256: String, clip: Int) async throws -> String {
        let shared = self.job.clipKeys.shared(ofClip: clip)
        let own = self.job.clipKeys.own(ofClip: clip)
        for key in [shared, own] {
            switch try await self.context.database.objects.claim(key, for: self.job, clip: clip) {
            case .owned: return key
            case .foreign: continue
            case .claimed:
                guard try await self.isForeign(key, sha256: sha256) else {
                    try await self.context.database.objects.recordFree(key, for: self.job)
                    return key
                }
                try await self.context.database.objects.release(key)
            }
        }
        throw WorkFailure.permanent(409, "The object keys \(shared) and \(own) belong to others.")
    }

    /// Whether something that is not ours lies at a key that nobody has claimed: an object or a task of the system
    /// that this service replaces.
    private func isForeign(_ key: String, sha256: String) async throws -> Bool {
        if try await self.context.database.tasks.isKeyUsed(key, byOthersThan: self.job.uploadId) { return true }
        guard let object = try await self.context.store.information(of: key) else { return false }
        // The same bytes are what an attempt of ours left that died before it could say so.
        return object.sha256 != sha256
    }
}
