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
        var incomplete: [Int] = []
        let former = try await self.context.database.datasetRecords.tasks(of: self.version.id)
        for task in self.tasks + former.filter({ !self.tasks.contains($0) }) {
            let records = try await self.currentRecords(of: task)
            let wanted = Set(records.flatMap { $0.objects.map(\.key) })
            let stored = try await self.context.store.keys(startingWith: self.version.keys.prefix(ofTask: task))
            if let index = self.tasks.firstIndex(of: task), !wanted.isSubset(of: stored) { incomplete.append(index) }
            try await self.remove(stored.filter { !wanted.contains($0) }, of: task)
        }
        return incomplete
    }

    /// The records of frames that are in the version now; others are forgotten.
    private func currentRecords(of task: ObjectID) async throws -> [FrameRecord] {
        let database = self.context.database
        let isMember = self.tasks.contains(task)
        let frames = isMember ? try await database.datasetFrames.frames(ofTask: task, in: self.version.id) : []
        let numbers = Set(frames.map(\.number))
        var current: [FrameRecord] = []
        for record in try await database.datasetRecords.records(of: self.version.id, task: task) {
            if numbers.contains(record.frame) {
                current.append(record)
            } else {
                try await database.datasetRecords.remove(record)
            }
        }
        return current
    }

    /// Of objects that this version does not want, removes its own, and pictures that no other version uses either.
    private func remove(_ keys: [String], of task: ObjectID) async throws {
        guard !keys.isEmpty else { return }
        let inUse = try await self.context.database.datasetFrames.framesInUse(ofTask: task)
        for key in keys {
            switch self.version.keys.owner(of: key, task: task) {
            case .version: try await self.context.store.remove(key)
            case .group(let frame) where !inUse.contains(frame): try await self.context.store.remove(key)
            case .group, .other: continue
            }
        }
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
        for key in try await self.context.store.keys(startingWith: self.version.keys.versionPrefix)
        where !wanted.contains(key) {
            try await self.context.store.remove(key)
        }
        return DatasetSummary(
            images: counts.images,
            formats: [DatasetSummary.Format(.yolo, fileCount: counts.images.count, isArchive: formats.contains(.yolo))]
                + formats.filter { $0 != .yolo }.map {
                    DatasetSummary.Format($0, fileCount: counts.images.count, isArchive: true)
                },
            archives: archives, manifestSHA256: sha256, sampleKey: self.version.keys.samples,
            droppedBoxes: counts.droppedBoxes,
            problems: counts.splits.problems(shares: self.version.splitShares, unit: self.job.request.splitUnit))
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
