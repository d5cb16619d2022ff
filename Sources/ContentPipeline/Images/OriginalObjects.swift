internal import Domain
internal import FrameKit
internal import MongoStore
internal import ObjectStore

/// Keeps the images of a clip as they were uploaded, so that datasets lose no pixel of them.
///
/// They lie beside the clip and go with it: whoever owns the clip's key owns its folder.
struct OriginalObjects: Sendable {
    let job: ProcessingJob
    let clip: Int
    /// Must be claimed.
    let clipKey: String
    let context: WorkContext

    /// Images, and bytes of them, that are stored side by side.
    private static let batchSize = 8
    private static let batchByteCount = 32 << 20

    /// Puts the clip's images and returns where each lies.
    ///
    /// - Parameters:
    ///   - positions: of images that are intact, from 0.
    ///   - bytes: gives the file of the image at a position.
    func put(
        _ positions: [Int], bytes: (_ position: Int) async throws -> [UInt8]
    ) async throws -> [Int: OriginalImage] {
        let foreign = try await self.foreignKeys()
        var originals: [Int: OriginalImage] = [:]
        var batch: [Original] = []
        for position in positions {
            let original = try Original(
                position: position, bytes: try await bytes(position),
                prefix: ClipKeys.originalsPrefix(besides: self.clipKey))
            guard !foreign.contains(original.image.key) else {
                throw WorkFailure.permanent(409, "The object key \(original.image.key) belongs to others.")
            }
            originals[position] = original.image
            batch.append(original)
            if batch.count == Self.batchSize || batch.reduce(0, { $0 + $1.bytes.count }) >= Self.batchByteCount {
                try await self.put(batch)
                batch = []
            }
        }
        try await self.put(batch)
        return originals
    }

    /// What lies where the images go and is not this upload's. Ours is noted before it is written.
    private func foreignKeys() async throws -> Set<String> {
        let prefix = ClipKeys.originalsPrefix(besides: self.clipKey)
        let stored = try await self.context.store.keys(startingWith: prefix)
        return try await self.context.database.objects.foreign(stored, to: self.job)
    }

    private func put(_ batch: [Original]) async throws {
        guard !batch.isEmpty else { return }
        try await self.context.database.objects.recordWrites(
            batch.map { original in
                ObjectOwnership.WrittenObject(
                    key: original.image.key, clip: self.clip, sha256: original.image.sha256,
                    byteCount: Int64(original.bytes.count))
            }, by: self.job)
        try await batch.concurrentForEach { original in
            try await self.context.store.put(
                original.bytes, at: original.image.key, contentType: original.kind.contentType,
                sha256: original.image.sha256)
        }
    }
}

/// One image on its way to the store.
private struct Original: Sendable {
    let bytes: [UInt8]
    let kind: ImageKind
    let image: OriginalImage

    init(position: Int, bytes: [UInt8], prefix: String) throws(WorkFailure) {
        // It was decoded a moment ago.
        guard let kind = ImageKind(bytes) else { throw WorkFailure.sourceChanged }
        self.bytes = bytes
        self.kind = kind
        self.image = OriginalImage(
            key: "\(prefix)\(position + 1).\(kind.fileExtension)", sha256: ContentDigest.sha256(of: bytes))
    }
}
