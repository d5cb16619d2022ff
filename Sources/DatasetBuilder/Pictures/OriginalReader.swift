internal import Domain
internal import FoundationEssentials
internal import ObjectStore

/// Reads the images of frames from the store as they were uploaded.
struct OriginalReader: Sendable {
    let item: WorkItem
    let context: BuildContext

    /// Images, and pixels of them, that are fetched side by side.
    private static let batchSize = 4
    private static let batchPixelCount = 40_000_000

    /// Calls `body` with each frame and the file of its image, in order.
    ///
    /// - Parameter frames: all of them with an original.
    /// - Throws: what `body` throws; ``BrokenTask`` for an image that is not there, or not the one that was uploaded.
    func forEachFile(
        of frames: [WantedFrame], _ body: (WantedFrame, [UInt8]) async throws -> Void
    ) async throws {
        var rest = frames[...]
        while !rest.isEmpty {
            let batch = Self.batch(of: rest)
            rest = rest.dropFirst(batch.count)
            let files = try await batch.concurrentMap { try await self.file(of: $0) }
            for (frame, file) in zip(batch, files) { try await body(frame, file) }
        }
    }

    /// The first of the frames, at least one.
    private static func batch(of frames: ArraySlice<WantedFrame>) -> ArraySlice<WantedFrame> {
        var pixelCount = 0
        let fitting = frames.prefix(Self.batchSize).prefix { frame in
            pixelCount += frame.plan.image.canvas.width * frame.plan.image.canvas.height
            return pixelCount <= Self.batchPixelCount
        }
        return fitting.isEmpty ? frames.prefix(1) : fitting
    }

    private func file(of frame: WantedFrame) async throws -> [UInt8] {
        guard let original = frame.original else { return [] }
        let scratch = ScratchFile(
            folder: self.context.settings.workFolder, item: self.item, name: "image-\(frame.number)")
        defer { scratch.remove() }
        var path = try self.context.store.filePath(of: original.key)
        if path == nil, try await self.context.store.download(original.key, to: scratch.makePath()) != nil {
            path = scratch.path
        }
        // A file that was removed cannot be read. Reading one image takes no longer than decoding it.
        guard let path, let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw BrokenTask(reason: "The image \(original.key) is not in the object store.")
        }
        let bytes = [UInt8](data)
        guard ContentDigest.sha256(of: bytes) == original.sha256 else {
            throw BrokenTask(reason: "The image \(original.key) is not the one that was uploaded.")
        }
        return bytes
    }
}
