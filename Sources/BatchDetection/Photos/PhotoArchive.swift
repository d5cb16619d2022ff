internal import Archives
internal import ContentPipeline
internal import Domain

/// What a file's name says of it.
enum PhotoKind {
    case readable
    /// A picture of a kind that is not read, by the end of its name.
    case other(String)

    /// Kinds that cameras and phones write, too: photos that fail, and no files that are passed over in silence.
    private static let others: Set<String> = [
        "avif", "bmp", "cr2", "cr3", "dng", "gif", "heic", "heif", "jp2", "nef", "arw", "orf", "raf", "rw2", "tif",
        "tiff",
    ]

    /// `nil` for files that are no photos: of other kinds, hidden ones, and what macOS adds to archives.
    init?(_ path: String) {
        guard ImageList.kindProblem(path) != nil else { self = .readable; return }
        let dot = path.lastIndex(of: ".")
        let ending = dot.map { path[path.index(after: $0)...].lowercased() } ?? ""
        // Hidden ones and those of macOS stay what they are under a name that can be read.
        guard Self.others.contains(ending), ImageList.kindProblem(path + ".jpg") == nil else { return nil }
        self = .other(ending)
    }

    /// Why it is not looked at; `nil` when it is.
    var problem: String? {
        switch self {
        case .readable: nil
        case .other(let ending): "is a picture of the kind \(ending.uppercased()), and only JPEG, PNG and WebP are read"
        }
    }
}

/// The photos of a zip archive, and how their names are understood.
struct PhotoArchive {
    struct Member {
        let path: String
        /// From 0 among the archive's entries.
        let position: Int
        let problem: String?
    }

    /// No system has longer paths, and the report's own archive adds to them (APPNOTE 4.4.10: 65,535 bytes).
    private static let longestName = 4096

    private(set) var members: [Member] = []
    private(set) var refused: [(path: String, problem: String)] = []

    /// Reads the list of the archive at `path`; blocks on the disk.
    ///
    /// - Parameter limit: photos, at most.
    /// - Throws: ``BatchError`` for a file that is no zip and for too many photos; ``ArchiveError`` when it cannot be
    ///   read.
    init(path: String, limit: Int) throws {
        var reader = try ArchiveReader.zip(at: path)
        var names = UniqueNames()
        while let entry = try reader.next() {
            let name = Self.withSlashes(entry.name)
            guard let kind = PhotoKind(name) else { continue }
            if let problem = Self.pathProblem(name) ?? Self.refusal(entry.problem) {
                self.refused.append((name, problem))
                continue
            }
            let problem = kind.problem ?? entry.problem ?? ImageList.sizeProblem(entry.byteCount ?? 0)
            self.members.append(Member(path: names.take(name), position: entry.position, problem: problem))
            guard self.members.count <= limit else { throw BatchError("\(path) has more than \(limit) images.") }
        }
    }

    /// Some programs of Windows write backslashes, which the format forbids (APPNOTE 4.4.17.1).
    static func withSlashes(_ name: String) -> String {
        name.contains("/") ? name : name.replacing("\\", with: "/")
    }

    /// Why nothing may be called so, as in "has a name that leads out of the archive"; `nil` for good names.
    static func pathProblem(_ name: String) -> String? {
        if name.utf8.count > self.longestName { return "has a name of more than \(self.longestName) bytes" }
        if name.hasPrefix("/") { return "has an absolute name" }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains("..") { return "has a name that leads out of the archive" }
        // A drive of Windows.
        if let first = parts.first, first.dropFirst().hasPrefix(":") { return "has an absolute name" }
        return nil
    }

    /// What is no photo at all; an encrypted photo is one that cannot be read.
    private static func refusal(_ problem: String?) -> String? {
        problem == "is encrypted" ? nil : problem
    }
}
