internal import Domain
internal import FoundationEssentials
internal import LabelFormats
internal import MongoStore
internal import ObjectStore

/// Makes the archives of a version: one for each format, and one with samples.
struct Archiver: Sendable {
    let plan: VersionPlan
    let tasks: [ObjectID]
    let item: WorkItem
    let context: BuildContext

    /// Frames in `samples.zip`.
    private static let sampleCount = 8

    struct Counts {
        let images: TaskOutcome.Count
        /// The frames' own pictures, by split.
        let splits: SplitReport
        let droppedBoxes: DroppedBoxes
        /// SHA-256 of all that archives are made from.
        let content: String
    }

    private var images: DatasetImages {
        DatasetImages(version: self.plan.version.id, tasks: self.tasks, database: self.context.database)
    }

    func counts() async throws -> Counts {
        var images = TaskOutcome.Count()
        var splits = SplitReport()
        var droppedBoxes = DroppedBoxes()
        var text = self.plan.classes.text
        for task in self.tasks {
            let records = try await self.images.records(ofTask: task)
            let outcome = TaskOutcome(of: task, records)
            images += outcome.allImages
            droppedBoxes += outcome.droppedBoxes
            for image in records.flatMap(\.images) where image.augmentation == nil { splits.add(to: image.split) }
            text += ContentDigest.sha256(of: Array(records.flatMap(\.objects).map(\.manifestLine).joined().utf8))
            text += ContentDigest.sha256(of: Array(records.map(\.description).joined().utf8))
        }
        return Counts(
            images: images, splits: splits, droppedBoxes: droppedBoxes,
            content: ContentDigest.sha256(of: Array(text.utf8)))
    }

    /// All pictures in one format.
    func archive(_ format: DatasetFormat, content: String, before: [BuiltArchive]) async throws -> BuiltArchive {
        let key = self.plan.version.keys.archive(of: format)
        return try await self.built(key, content: content, before: before) { zip in
            let texts = FormatTexts(format: format, classes: self.plan.classes, images: self.images)
            let folder = self.scratch("\(format.rawValue)-texts")
            WorkDirectory.remove(at: folder.path)
            defer { WorkDirectory.remove(at: folder.path) }
            for path in try await texts.write(below: folder.path) {
                try await zip.add(contentsOf: "\(folder.path)/\(path)", named: path)
            }
            for task in self.tasks {
                let images = try await self.images.records(ofTask: task).flatMap(\.images)
                for (image, path) in texts.places(ofTask: images) {
                    try await self.add(image.key, to: zip, named: path)
                }
            }
        }
    }

    /// The first pictures that have boxes, with their labels in YOLO's form; without boxes the first pictures.
    func samples(content: String, before: [BuiltArchive]) async throws -> BuiltArchive {
        try await self.built(self.plan.version.keys.samples, content: content, before: before) { zip in
            try await zip.add(self.plan.classes.text, named: "classes.txt")
            for image in try await self.sampleImages() {
                try await zip.add(image.labels.yoloText, named: "labels/\(image.name).txt")
                try await self.add(image.key, to: zip, named: "images/\(image.name).jpg")
            }
        }
    }

    private func sampleImages() async throws -> [DatasetImage] {
        var (labelled, others): ([DatasetImage], [DatasetImage]) = ([], [])
        for task in self.tasks where labelled.count < Self.sampleCount {
            for record in try await self.images.records(ofTask: task) {
                guard let image = record.images.first else { continue }
                if image.boxes.isEmpty { others.append(image) } else { labelled.append(image) }
            }
            others = Array(others.prefix(Self.sampleCount))
        }
        return Array((labelled + others).prefix(Self.sampleCount))
    }

    /// The archive as it is, when it was made of the same content, else a new one.
    private func built(
        _ key: String, content: String, before: [BuiltArchive], _ fill: (ZipFile) async throws -> Void
    ) async throws -> BuiltArchive {
        if let known = before.first(where: { $0.object.key == key && $0.content == content }),
            try await self.context.store.information(of: key)?.sha256 == known.object.sha256
        {
            return known
        }
        let scratch = self.scratch("archive.zip")
        defer { scratch.remove() }
        let path = try scratch.makePath()
        let zip = try ZipFile(path: path)
        try await fill(zip)
        try await zip.finish()
        let object = DatasetObject(
            key: key, contentType: MadeObject.ContentType.zip.rawValue, byteCount: try scratch.byteCount(),
            sha256: try await ContentDigest.sha256(ofFileAt: path))
        try await self.context.store.putIfOther(object, contentsOf: path)
        return BuiltArchive(object: object, content: content)
    }

    /// Adds an object, which is copied here when the store is not on this machine.
    private func add(_ key: String, to zip: ZipFile, named name: String) async throws {
        if let path = try self.context.store.filePath(of: key) {
            return try await zip.add(contentsOf: path, named: name)
        }
        let scratch = self.scratch("picture.jpg")
        defer { scratch.remove() }
        guard try await self.context.store.download(key, to: scratch.makePath()) != nil else {
            throw WorkFailure.attempt(500, "The object \(key) has gone while the version was built.")
        }
        try await zip.add(contentsOf: scratch.path, named: name)
    }

    private func scratch(_ name: String) -> ScratchFile {
        ScratchFile(folder: self.context.settings.workFolder, item: self.item, name: name)
    }
}
