internal import Blocking
internal import Domain
internal import FrameKit

/// Works on a run's photos group by group. Groups are the same in each run over a collection, since what an engine finds
/// may depend on the batch that it sees.
struct GroupWork: Sendable {
    struct Prepared: Sendable {
        let photo: PreparedPhoto
        /// `nil` for a photo without a picture.
        let input: EngineInput?
    }

    let collection: PhotoCollection
    let detector: PhotoDetector
    let limits: MediaLimits
    let folder: RunFolder
    let drawsBoxes: ImageInclusion
    let journal: BlockingThreadPool<Journal>
    let readers: BlockingThreadPool<PhotoReader>
    let decoders: BlockingThreadPool<EngineInputReader>

    /// A photo that the program died of so often, alone and in a row, is not tried again.
    private static let startLimit = 2

    /// The groups that have a photo without result.
    func openGroups() async throws -> [[Photo]] {
        let order = self.collection.readingOrder
        let size = self.detector.groupCount
        let groups = stride(from: 0, to: order.count, by: size).map { start in
            order[start..<min(start + size, order.count)].map { self.collection.photos[$0] }
        }
        return await self.journal.run { journal in
            groups.filter { group in group.contains { !journal.has($0.number) } }
        }
    }

    /// - Parameter resumed: photos of earlier runs; `nil` means that all done so far are.
    func progress(resumed: Int?) async throws -> DetectionRun.Progress {
        let total = self.collection.photos.count
        return await self.journal.run { journal in
            DetectionRun.Progress(
                done: journal.resultCount, failed: journal.failureCount, total: total,
                resumed: resumed ?? journal.resultCount)
        }
    }

    /// Reads and decodes a group; one by one where the program died of one of them before.
    func prepare(_ group: [Photo]) async throws -> [Prepared] {
        let numbers = group.map(\.number)
        let (isSuspect, starts) = await self.journal.run { journal in
            (!journal.unfinished.isDisjoint(with: numbers), journal.startCounts)
        }
        if !isSuspect {
            return try await self.decode(group)
        }
        var prepared: [Prepared] = []
        for photo in group {
            if starts[photo.number, default: 0] >= Self.startLimit {
                prepared.append(Prepared(photo: PreparedPhoto(skipping: photo), input: nil))
            } else {
                prepared += try await self.decode([photo])
            }
        }
        return prepared
    }

    private func decode(_ photos: [Photo]) async throws -> [Prepared] {
        let numbers = photos.map(\.number)
        try await self.journal.run { try $0.start(numbers) }
        let prepared = try await self.decodeAll(photos)
        try await self.journal.run { try $0.end(numbers) }
        return prepared
    }

    private func decodeAll(_ group: [Photo]) async throws -> [Prepared] {
        try await withThrowingTaskGroup(of: (Int, Prepared).self) { tasks in
            for (place, photo) in group.enumerated() {
                // In order: an archive is read from its start to its end.
                let bytes = await self.readers.run { reader in
                    Result { () throws(BatchError) in try reader.bytes(of: photo) }
                }
                let limits = self.limits
                // Decoding is most of the work: photos of a group are decoded side by side, and the group waits for all.
                tasks.addTask {
                    let prepared = try await self.decoders.run { reader in
                        let prepared = PreparedPhoto(photo, bytes, limits: limits)
                        return Prepared(photo: prepared, input: try prepared.input(with: reader))
                    }
                    return (place, prepared)
                }
            }
            var prepared: [Int: Prepared] = [:]
            for try await (place, one) in tasks { prepared[place] = one }
            return group.indices.compactMap { prepared[$0] }
        }
    }

    /// Draws the pictures with boxes and notes the results: a result that is noted has its picture.
    func record(_ results: [PhotoResult], _ prepared: [Prepared]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for (result, prepared) in zip(results, prepared) where self.drawsBoxes.includes(result) {
                guard BoxPicture.isPossible(for: result), case .success(let picture) = prepared.photo.picture else {
                    continue
                }
                // Drawing and compressing are as dear as decoding.
                tasks.addTask {
                    try await self.decoders.run { _ in
                        let jpeg = try BoxPicture.jpeg(of: picture, result.detections)
                        try self.folder.write(jpeg, to: self.folder.boxPicture(of: result.photo.number))
                    }
                }
            }
            try await tasks.waitForAll()
        }
        try await self.journal.run { journal in
            for result in results where !journal.has(result.photo.number) { try journal.add(result) }
        }
    }
}

extension PreparedPhoto {
    /// The picture as the engine takes it; `nil` without one.
    fileprivate func input(with reader: EngineInputReader) throws(MediaError) -> EngineInput? {
        guard case .success(let picture) = self.picture else { return nil }
        return try reader.input(of: picture)
    }
}
