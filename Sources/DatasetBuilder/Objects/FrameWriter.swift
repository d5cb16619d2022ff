internal import Domain
internal import LabelFormats
internal import MongoStore
internal import ObjectStore
internal import Synchronization

/// Stores the objects of frames, several frames at a time, and records each frame once all of its objects are there.
///
/// Thread rule: ``add(_:made:)`` and ``finish()`` are called one after the other; ``savedCount`` at any time.
final class FrameWriter: Sendable {
    /// Frames whose objects wait together: enough to keep the store's connections busy.
    private static let batchSize = 8

    private struct Pending: Sendable {
        let frame: WantedFrame
        let made: [MadeObject]
    }

    private let version: DatasetVersion
    private let stored: Set<String>
    private let context: BuildContext
    private let pending = Mutex<[Pending]>([])
    private let records = Mutex<[FrameRecord]>([])

    /// - Parameter stored: the keys below the task's prefix when the build began.
    init(version: DatasetVersion, stored: Set<String>, context: BuildContext) {
        self.version = version
        self.stored = stored
        self.context = context
    }

    var savedCount: Int { self.records.withLock { $0.count } }

    /// - Parameter made: those of the frame's pictures that had to be made.
    func add(_ frame: WantedFrame, made: [MadeObject]) async throws {
        let isFull = self.pending.withLock { pending in
            pending.append(Pending(frame: frame, made: made + Self.labels(of: frame)))
            return pending.count >= Self.batchSize
        }
        if isFull { try await self.flush() }
    }

    /// Stores what still waits; returns the records of all frames that were added.
    func finish() async throws -> [FrameRecord] {
        try await self.flush()
        return self.records.withLock { $0 }
    }

    private func flush() async throws {
        let batch = self.pending.withLock { pending in
            defer { pending = [] }
            return pending
        }
        let records = try await batch.concurrentMap { try await self.store($0) }
        try await FrameDisplay(context: self.context, version: self.version).show(batch.map(\.frame))
        // Last, since whoever finds a record has nothing left to do.
        try await self.context.database.datasetRecords.save(records)
        self.records.withLock { $0 += records }
    }

    private func store(_ pending: Pending) async throws -> FrameRecord {
        try await pending.made.concurrentForEach { try await self.put($0) }
        let frame = pending.frame
        var objects = pending.made.map(\.object)
        for key in [frame.imageKey, frame.thumbnailKey] where !objects.contains(where: { $0.key == key }) {
            objects.append(try await self.existing(key))
        }
        return FrameRecord(
            versionId: self.version.id, taskId: frame.taskId, frame: frame.number, description: frame.description,
            images: frame.plan.images.map(\.image), objects: objects.sorted { $0.key < $1.key },
            droppedBoxes: frame.plan.droppedBoxes)
    }

    /// Puts the object unless the same bytes are there already.
    private func put(_ made: MadeObject) async throws(BlobError) {
        let object = made.object
        if self.stored.contains(object.key),
            try await self.context.store.information(of: object.key)?.sha256 == object.sha256
        {
            return
        }
        try await self.context.store.put(
            made.bytes, at: object.key, contentType: object.contentType, sha256: object.sha256)
    }

    /// What another version, an earlier build or the replaced system has put: it stays as it is.
    private func existing(_ key: String) async throws -> DatasetObject {
        guard let stored = try await self.context.store.information(of: key) else {
            throw WorkFailure.attempt(500, "The object \(key) has gone while its task was built.")
        }
        let sha256: String
        if let known = stored.sha256 {
            sha256 = known
        } else {
            sha256 = try await StoredDigest(store: self.context.store, folder: self.context.settings.workFolder)
                .sha256(of: key)
        }
        return DatasetObject(
            key: key, contentType: MadeObject.ContentType.jpeg.rawValue, byteCount: stored.byteCount, sha256: sha256)
    }

    private static func labels(of frame: WantedFrame) -> [MadeObject] {
        frame.plan.images.map { planned in
            let key = planned.image.augmentation.map { frame.augmentedKeys($0).labels } ?? frame.labelKey
            return MadeObject(Array(planned.image.labels.yoloText.utf8), key: key, type: .text)
        }
    }
}
