internal import Domain
internal import FoundationEssentials
internal import FrameKit
internal import MongoStore
internal import ObjectStore

/// One task of a version on its way from frames to objects.
struct TaskBuild: Sendable {
    let task: ObjectID
    let plan: VersionPlan
    let job: DatasetJob
    let item: WorkItem
    let context: BuildContext

    private var version: DatasetVersion { self.plan.version }

    func run(counting counter: FrameCounter) async throws -> TaskOutcome {
        let database = self.context.database
        guard let task = try await database.datasetFrames.task(self.task) else {
            throw BrokenTask(reason: "The task \(self.task) does not exist.")
        }
        let frames = try await database.datasetFrames.frames(ofTask: task.id, in: self.version.id)
        guard !frames.isEmpty else { return TaskOutcome(of: task.id, []) }
        let wanted = try self.wantedFrames(frames, of: task)
        // An earlier holder of the work item may have been killed while it wrote.
        if self.item.fence > 1 { try await self.removeLeftovers(of: wanted) }
        let stored = Set(try await self.context.store.keys(startingWith: self.version.keys.prefix(ofTask: task.id)))
        let records = try await database.datasetRecords.records(of: self.version.id, task: task.id)
        let recorded = Dictionary(records.map { ($0.frame, $0) }, uniquingKeysWith: { first, _ in first })
        let done = Dictionary(
            uniqueKeysWithValues: wanted.compactMap { frame in
                recorded[frame.number].flatMap { frame.isDone(by: $0, stored: stored) ? (frame.number, $0) : nil }
            })
        counter.set(done.count)
        let missing = wanted.filter { done[$0.number] == nil }
        var made: [FrameRecord] = []
        if !missing.isEmpty {
            try await database.datasets.reopen(task.id, of: self.job)
            made = try await self.make(missing, of: task, stored: stored, doneBefore: done.count, counter)
        }
        try await FrameDisplay(context: self.context, version: self.version)
            .renew(wanted.filter { done[$0.number] != nil }, of: frames)
        return TaskOutcome(of: task.id, Array(done.values) + made)
    }

    /// Removes parts of objects that no writer will complete: the work item has one holder, and this is it.
    ///
    /// One key stands for its folder: a directory store clears the whole folder, and S3 keeps no parts of objects as
    /// small as pictures.
    private func removeLeftovers(of frames: [WantedFrame]) async throws {
        let keys = frames.flatMap { [$0.imageKey, $0.plan.changed.first?.image.key].compactMap(\.self) }
        let byFolder = Dictionary(keys.map { ($0[..<($0.lastIndex(of: "/") ?? $0.startIndex)], $0) }) { first, _ in
            first
        }
        try await byFolder.values.concurrentForEach { try await self.context.store.removeLeftovers(of: $0) }
    }

    private func wantedFrames(_ frames: [DatasetFrame], of task: DatasetTask) throws -> [WantedFrame] {
        let plans = self.plan.frames(of: task, frames, canvas: try task.canvas(for: frames))
        return try plans.map {
            try WantedFrame($0, keys: self.version.keys, quality: self.context.settings.jpegQuality)
        }
    }

    /// Makes what the frames lack; the pictures of those that lack none are not even decoded.
    private func make(
        _ frames: [WantedFrame], of task: DatasetTask, stored: Set<String>, doneBefore: Int, _ counter: FrameCounter
    ) async throws -> [FrameRecord] {
        let writer = FrameWriter(version: self.version, stored: stored, context: self.context)
        let producer = try FrameRenderer(quality: self.context.settings.jpegQuality)
        let toDecode = frames.filter { $0.needsPicture(stored: stored) }
        for frame in frames where !frame.needsPicture(stored: stored) { try await writer.add(frame, made: []) }
        let uploaded = toDecode.filter { $0.original != nil }
        try await OriginalReader(item: self.item, context: self.context).forEachFile(of: uploaded) { frame, file in
            try await writer.add(frame, made: try await producer.make(frame, ofOriginal: file, stored: stored))
            counter.set(doneBefore + writer.savedCount)
        }
        let encoded = toDecode.filter { $0.original == nil }
        if !encoded.isEmpty {
            let byNumber = Dictionary(uniqueKeysWithValues: encoded.map { ($0.number, $0) })
            try await self.withClip(of: task) { reader in
                try await reader.forEachPicture(ofFrames: encoded.map(\.number)) { picture, number in
                    guard let frame = byNumber[number] else { return }
                    let made = try await producer.make(frame, of: picture, stored: stored)
                    try await writer.add(frame, made: made)
                    counter.set(doneBefore + writer.savedCount)
                }
            }
        }
        let records = try await writer.finish()
        counter.set(doneBefore + records.count)
        return records
    }

    /// Lends a reader of the task's clip, which is copied here when the store is not on this machine.
    private func withClip(of task: DatasetTask, _ body: (ClipReader) async throws -> Void) async throws {
        guard let key = task.clipKey else { throw BrokenTask(reason: "\(task.name) names no clip.") }
        let canvas = try task.canvas(for: [])
        let scratch = ScratchFile(folder: self.context.settings.workFolder, item: self.item, name: "clip.mp4")
        defer { scratch.remove() }
        let path: String
        if let place = try self.context.store.filePath(of: key) {
            path = place
        } else {
            guard try await self.context.store.download(key, to: scratch.makePath()) != nil else {
                throw BrokenTask(reason: "The clip \(key) of \(task.name) is not in the object store.")
            }
            path = scratch.path
        }
        try await body(try await ClipReader.open(path, size: PictureSize(width: canvas.width, height: canvas.height)))
    }
}

extension DatasetTask {
    /// The clip's pictures without their pad.
    ///
    /// - Parameter frames: which the task must have, by number.
    func canvas(for frames: [DatasetFrame]) throws(BrokenTask) -> Canvas {
        guard let width = self.width, let height = self.height, width > 0, height > 0 else {
            throw BrokenTask(reason: "\(self.name) does not say how large its pictures are.")
        }
        if let images = self.images, let last = frames.last, last.number > images.count {
            throw BrokenTask(reason: "\(self.name) has \(images.count) images and so no frame \(last.number).")
        }
        return Canvas(width: width, height: height)
    }
}
