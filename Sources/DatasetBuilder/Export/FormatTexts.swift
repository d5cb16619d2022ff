internal import Domain
internal import LabelFormats
internal import FoundationEssentials

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

    /// Where the format wants a picture; `nil` when it leaves it out.
    func path(of image: DatasetImage) -> String? { self.format.makeWriter(classes: self.classes).path(of: image) }
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
        if self.paths.insert(path).inserted { try Folder.make(around: place) }
        self.file = try TextFile.appending(to: place)
        self.openPath = path
    }
}

/// Folders of work files and of exports.
enum Folder {
    /// Makes the folder that the file at `path` lies in.
    static func make(around path: String) throws(WorkFailure) {
        let folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        do {
            try FileManager.default.createDirectory(atPath: String(folder), withIntermediateDirectories: true)
        } catch {
            let message = "The folder \(folder) cannot be made: \(error)"
            throw WorkFailure(failure: .dependency(JobError(code: 507, message: message)))
        }
    }

    /// Removes the folder and all that is in it; harmless when there is none.
    static func remove(_ path: String) {
        // What stays is found again by its name.
        try? FileManager.default.removeItem(atPath: path)
    }
}
