internal import Domain
internal import FoundationEssentials
internal import MongoStore
internal import ObjectStore

/// Writes keys and presigned URLs on frames' documents.
struct FrameDisplay: Sendable {
    let context: BuildContext
    let version: DatasetVersion

    /// How long URLs live, and what they must have left to be kept.
    private static let validity = Duration.seconds(24 * 3600)
    private static let leastRest: TimeInterval = 12 * 3600

    /// Shows all that the frames have, with new URLs.
    func show(_ frames: [WantedFrame]) async throws {
        let now = Date()
        let objects = try frames.map { (frame) throws(BlobError) in try self.objects(of: frame, at: now) }
        try await self.context.database.datasetFrames.show(objects, of: self.version.id)
    }

    /// Makes new URLs for the frames whose URLs end soon.
    func renew(_ wanted: [WantedFrame], of frames: [DatasetFrame]) async throws {
        let expirations = Dictionary(uniqueKeysWithValues: frames.map { ($0.number, $0.urlsExpireAt) })
        try await self.show(
            wanted.filter { (expirations[$0.number]??.timeIntervalSinceNow ?? 0) < Self.leastRest })
    }

    private func objects(of frame: WantedFrame, at now: Date) throws(BlobError) -> ShownObjects {
        var augmented: [ShownObjects.Augmented] = []
        for planned in frame.plan.changed {
            guard let type = planned.image.augmentation else { continue }
            let keys = frame.augmentedKeys(type)
            augmented.append(
                ShownObjects.Augmented(
                    type: type, keys: keys, imageURL: try self.url(keys.image),
                    thumbnailURL: try self.url(keys.thumbnail)))
        }
        return ShownObjects(
            frame: frame.plan.frameId, imageKey: frame.imageKey, thumbnailKey: frame.thumbnailKey,
            labelKey: frame.labelKey,
            imageURL: try self.url(frame.imageKey), thumbnailURL: try self.url(frame.thumbnailKey),
            split: frame.plan.image.split, augmented: augmented,
            expireAt: now.addingTimeInterval(TimeInterval(Self.validity.components.seconds)))
    }

    private func url(_ key: String) throws(BlobError) -> String {
        try self.context.store.presignedURL(of: key, validFor: Self.validity)
    }
}
