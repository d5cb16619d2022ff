internal import Domain
internal import FoundationEssentials
internal import LabelFormats
internal import MongoStore

/// The text files of one format, written below a folder.
struct FormatTexts: Sendable {
    let format: DatasetFormat
    let classes: ClassList
    let images: DatasetImages

    /// Writes all of them; what lay in `folder` before must have gone.
    ///
    /// - Returns: their paths below the folder, sorted.
    func write(below folder: String) async throws -> [String] {
        var writer = self.format.makeWriter(classes: self.classes)
        var files = TextFolder(path: folder)
        for pass in 0..<writer.passCount {
            try files.append(writer.begin(pass: pass))
            for task in self.images.tasks {
                for record in try await self.images.records(ofTask: task) {
                    for image in record.images { try files.append(writer.add(image, pass: pass)) }
                }
            }
            try files.append(writer.end(pass: pass))
        }
        return try files.finish()
    }

    /// The pictures of one task, all of them in their order, with where the format wants each; without those that it
    /// leaves out.
    func places(ofTask images: [DatasetImage]) -> [(image: DatasetImage, path: String)] {
        let paths = self.format.makeWriter(classes: self.classes).paths(ofTask: images)
        return zip(images, paths).compactMap { image, path in path.map { (image, $0) } }
    }
}

/// Files below a folder that grow by parts; the one that grew last stays open, since parts of one file follow each
/// other.
struct TextFolder: ~Copyable {
    let path: String
    private var file: TextFile?
    private var openPath: String?
    private var paths: Set<String> = []

    init(path: String) { self.path = path }

    mutating func append(_ parts: [FileFragment]) throws(WorkFailure) {
        for part in parts {
            try self.open(part.path)
            try self.file?.append(part.text)
        }
    }

    /// The paths of all files, sorted; every byte is with the system now.
    consuming func finish() throws(WorkFailure) -> [String] {
        try self.file?.flush()
        return self.paths.sorted()
    }

    private mutating func open(_ path: String) throws(WorkFailure) {
        guard self.openPath != path else { return }
        self.file = nil
        let place = "\(self.path)/\(path)"
        if self.paths.insert(path).inserted { try WorkDirectory.make(around: place) }
        self.file = try TextFile.appending(to: place)
        self.openPath = path
    }
}

/// The pictures of a version in the order of all formats: by task, by frame, changed ones after their frame.
struct DatasetImages: Sendable {
    let version: ObjectID
    /// In the version's order.
    let tasks: [ObjectID]
    let database: AnnotationDatabase

    /// One task at a time, so that memory does not grow with the version.
    func records(ofTask task: ObjectID) async throws(StoreError) -> [FrameRecord] {
        try await self.database.datasetRecords.records(of: self.version, task: task)
    }
}
