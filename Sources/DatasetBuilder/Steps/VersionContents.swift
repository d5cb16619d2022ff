internal import Domain
internal import LabelFormats
internal import MongoStore
internal import ObjectStore

/// What the store holds of a version, seen as a whole.
struct VersionContents: Sendable {
    let plan: VersionPlan
    let job: DatasetJob
    let item: WorkItem
    let context: BuildContext

    private var version: DatasetVersion { self.plan.version }
    private var tasks: [ObjectID] { self.job.taskIds ?? [] }

    /// Removes records and objects that an earlier description of the version left.
    ///
    /// - Returns: parts of the job whose objects are not all there.
    func removeSurplus() async throws -> [Int] {
        let members = Set(self.tasks)
        let former = try await self.context.database.datasetRecords.tasks(of: self.version.id)
        let complete = try await self.tasks.concurrentMap(limit: Self.concurrency) { task in
            try await self.removeSurplus(of: task, isMember: true)
        }
        try await former.filter { !members.contains($0) }.concurrentForEach(limit: Self.concurrency) { task in
            _ = try await self.removeSurplus(of: task, isMember: false)
        }
        return complete.indices.filter { !complete[$0] }
    }

    /// Tasks that are looked at side by side.
    private static let concurrency = 4

    /// - Parameter isMember: whether the task is in the version now.
    /// - Returns: whether all objects of the task's records are there.
    private func removeSurplus(of task: ObjectID, isMember: Bool) async throws -> Bool {
        let records = try await self.currentRecords(of: task, isMember: isMember)
        let wanted = Set(records.flatMap { $0.objects.map(\.key) })
        let stored = try await self.context.store.keys(startingWith: self.version.keys.prefix(ofTask: task))
        try await self.remove(stored.filter { !wanted.contains($0) }, of: task)
        return wanted.isSubset(of: stored)
    }

    /// The records of frames that are in the version now; others are forgotten.
    private func currentRecords(of task: ObjectID, isMember: Bool) async throws -> [FrameRecord] {
        let database = self.context.database
        let frames = isMember ? try await database.datasetFrames.frames(ofTask: task, in: self.version.id) : []
        let numbers = Set(frames.map(\.number))
        let records = try await database.datasetRecords.records(of: self.version.id, task: task)
        let former = records.map(\.frame).filter { !numbers.contains($0) }
        try await database.datasetRecords.remove(former, of: self.version.id, task: task)
        return records.filter { numbers.contains($0.frame) }
    }

    /// Of objects that this version does not want, removes its own, and pictures that no other version uses either.
    private func remove(_ keys: [String], of task: ObjectID) async throws {
        guard !keys.isEmpty else { return }
        let inUse = try await self.context.database.datasetFrames.framesInUse(ofTask: task)
        let surplus = keys.filter { key in
            switch self.version.keys.owner(of: key, task: task) {
            case .version: true
            case .group(let frame): !inUse.contains(frame)
            case .other: false
            }
        }
        try await surplus.concurrentForEach { try await self.context.store.remove($0) }
    }

    /// Writes class names, samples, archives and, last of all, the manifest; removes what else lies beside them.
    func writeVersionObjects(formats: [DatasetFormat], before: [BuiltArchive]) async throws -> DatasetSummary {
        let names = MadeObject(Array(self.plan.classes.text.utf8), key: self.version.keys.classNames, type: .text)
        try await self.context.store.putIfOther(names)
        let archiver = Archiver(plan: self.plan, tasks: self.tasks, item: self.item, context: self.context)
        let counts = try await archiver.counts()
        var archives = [try await archiver.samples(content: counts.content, before: before)]
        for format in formats {
            archives.append(try await archiver.archive(format, content: counts.content, before: before))
        }
        let own = [names.object] + archives.map(\.object)
        let manifest = ManifestWriter(version: self.version, tasks: self.tasks, item: self.item, context: self.context)
        let sha256 = try await manifest.write(own: own)
        let wanted = Set(own.map(\.key) + [self.version.keys.manifest])
        try await self.context.store.keys(startingWith: self.version.keys.versionPrefix)
            .filter { !wanted.contains($0) }
            .concurrentForEach { try await self.context.store.remove($0) }
        return DatasetSummary(
            images: counts.images,
            formats: [DatasetSummary.Format(.yolo, fileCount: counts.images.count, isArchive: formats.contains(.yolo))]
                + formats.filter { $0 != .yolo }.map {
                    DatasetSummary.Format($0, fileCount: counts.images.count, isArchive: true)
                },
            archives: archives, manifestSHA256: sha256, sampleKey: self.version.keys.samples,
            droppedBoxes: counts.droppedBoxes,
            problems: counts.splits.problems(shares: self.version.splitShares, unit: self.job.request.splitUnit)
                + formats.flatMap { $0.problems(classes: self.plan.classes) })
    }
}

extension BlobStore {
    /// Puts the object unless the same bytes are there already.
    func putIfOther(_ made: MadeObject) async throws(BlobError) {
        guard try await self.information(of: made.object.key)?.sha256 != made.object.sha256 else { return }
        try await self.put(
            made.bytes, at: made.object.key, contentType: made.object.contentType, sha256: made.object.sha256)
    }

    /// The same for a file.
    func putIfOther(_ object: DatasetObject, contentsOf path: String) async throws(BlobError) {
        guard try await self.information(of: object.key)?.sha256 != object.sha256 else { return }
        try await self.put(
            contentsOf: path, at: object.key, contentType: object.contentType, sha256: object.sha256)
    }
}
