internal import Domain
internal import Archives
internal import FrameKit
internal import ObjectStore

/// The images that a job makes clips of: a folder, as it was when the request was accepted, or a zip archive.
struct ImageSource: Sendable {
    private enum Place: Sendable {
        case folder(ImageFolder)
        case archive(SourceFile)
    }

    private let place: Place
    /// In the order of their frames.
    let images: [JobImage]
    /// What lies beside them.
    let skippedFiles: SkippedFiles
    let timeline: FrameTimeline
    let plan: SamplingPlan

    /// Finds the images; reads the list of an archive that nobody has read yet.
    ///
    /// - Throws: ``WorkFailure`` when there is nothing to read, or an archive is not the one that the job was planned
    ///   from.
    init(of job: ProcessingJob, settings: PipelineSettings) throws {
        let folder = ContentFolder(settings: settings)
        let path = job.parameters.contentPath
        if let listed = job.images, let directory = folder.locateDirectory(path) {
            self.place = .folder(ImageFolder(path: directory))
            self.images = listed
            self.skippedFiles = job.skippedFiles ?? SkippedFiles()
        } else {
            let archive = try Self.openArchive(path, in: folder)
            if let planned = job.source, !planned.isOf(archive.identity) { throw WorkFailure.sourceChanged }
            self.place = .archive(archive)
            if let images = job.images {
                self.images = images
                self.skippedFiles = job.skippedFiles ?? SkippedFiles()
            } else {
                let list = try Self.list(archive)
                self.images = list.images
                self.skippedFiles = list.skipped
            }
        }
        self.timeline = FrameTimeline(imageCount: self.images.count)
        self.plan = SamplingPlan(
            sampling: self.timeline, frameRate: FrameTimeline.imageRate, framesPerClip: job.framesPerTask)
    }

    private static func openArchive(_ path: String, in folder: ContentFolder) throws -> SourceFile {
        let entry: ContentFolder.Entry
        do throws(ContentFolder.PathProblem) { entry = try folder.locate(path) } catch {
            // A machine without the content folder leaves images to those that have it.
            guard folder.isHere else { throw WorkFailure.notYet }
            throw WorkFailure.permanent(422, "There is no folder or archive of images at \(path).")
        }
        let file = try SourceFile(path: entry.path)
        guard file.withDescriptor({ folder.contains(descriptor: $0) }) else {
            throw WorkFailure.permanent(422, "\(path) leads out of the content folder.")
        }
        return file
    }

    private static func list(_ archive: SourceFile) throws -> ImageList {
        var list = ImageList()
        var rawNames: [Int: [UInt8]] = [:]
        try archive.readArchive { reader throws(ArchiveError) in
            while let entry = try reader.next(), !list.isFull {
                rawNames[entry.position] = entry.rawName
                let image = JobImage(
                    name: entry.name, byteCount: entry.byteCount ?? 0, modified: 0, position: entry.position)
                list.add(image, problem: entry.problem)
            }
        }
        list.keepLatest { image in image.position.flatMap { rawNames[$0] } ?? Array(image.name.utf8) }
        guard !list.images.isEmpty, !list.isFull else {
            throw WorkFailure.permanent(
                422, "The archive has \(list.images.isEmpty ? "no JPEG, PNG or WebP" : "too many") images.")
        }
        list.sort()
        return list
    }

    var summary: PlanSummary {
        PlanSummary(
            partCount: self.plan.clipCount, frameCount: self.images.count, sourceFrameCount: self.images.count)
    }

    /// - Throws: `MediaError` when the archive was changed since it was opened; images of a folder are compared one by
    ///   one as they are read.
    func checkUnchanged() throws {
        if case .archive(let file) = self.place { try file.checkUnchanged() }
    }

    /// What tells the source from another one: of a folder, its list.
    func identity() async throws -> JobSource {
        switch self.place {
        case .archive(let file):
            return JobSource(file.identity, sha256: try await file.sha256())
        case .folder:
            let list = self.images.map { "\($0.name)\n\($0.byteCount) \($0.modified)\n" }.joined()
            return JobSource(
                byteCount: self.images.reduce(0) { $0 + $1.byteCount },
                modified: self.images.map(\.modified).max() ?? 0, sha256: ContentDigest.sha256(of: Array(list.utf8)))
        }
    }

    /// The files of one clip's images.
    ///
    /// - Parameter scratch: a folder for what comes out of an archive; the caller removes it.
    func files(of clip: ClipPlan, scratch: String) -> ImageFiles {
        let images = clip.positions.map { self.images[Int($0)] }
        switch self.place {
        case .folder(let folder): return .folder(folder, images)
        case .archive(let archive): return .archive(ArchiveImages(archive, images, scratch: scratch))
        }
    }
}

/// The files of one clip's images, to be read in order. Reading blocks.
enum ImageFiles: Sendable {
    case folder(ImageFolder, [JobImage])
    case archive(ArchiveImages)

    func bytes(at position: Int) throws -> [UInt8] {
        switch self {
        case .folder(let folder, let images): try folder.bytes(of: images[position])
        case .archive(let images): try images.bytes(at: position)
        }
    }
}

extension SourceFile {
    /// Lends a reader of the open file, whatever its path leads to by now.
    func readArchive(_ body: (inout ArchiveReader) throws -> Void) throws {
        do {
            try self.withDescriptor { (descriptor) throws in
                var reader = try ArchiveReader.zip(at: "/proc/self/fd/\(descriptor)", name: self.name)
                try body(&reader)
            }
        } catch let error as ArchiveError where error.code == .invalidData {
            throw WorkFailure.permanent(422, "The zip archive cannot be read: \(error.message).")
        }
    }
}
