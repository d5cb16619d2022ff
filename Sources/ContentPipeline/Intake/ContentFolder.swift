internal import Glibc

/// The folder that all content lies below, and the only way from a request's path to a file.
///
/// Thread rule: a value; its methods ask the file system and return at once on a local disk.
struct ContentFolder: Sendable {
    /// Where relative paths start; absolute.
    let root: String
    /// Absolute; may itself be a link.
    let base: String

    enum PathProblem: Error, Hashable {
        /// The path leads out of the folder, also by a link or `..`.
        case outside
        /// Nothing is there.
        case absent
        /// Something is there that is not a regular file.
        case notAFile
    }

    /// What is known of a file before it is opened.
    struct Entry: Hashable {
        /// Absolute and free of links.
        let path: String
        let byteCount: Int64
    }

    /// Whether this machine has the folder at all.
    var isHere: Bool { self.resolvedBase != nil }

    /// The folder free of links; `nil` where this machine has none.
    var resolvedBase: String? { Self.resolve(self.base) }

    /// Finds the regular file that a request means.
    func locate(_ contentPath: String) throws(PathProblem) -> Entry {
        let path = contentPath.hasPrefix("/") ? contentPath : "\(self.root)/\(contentPath)"
        guard let resolved = Self.resolve(path) else {
            // What does not exist cannot be resolved whole: the part that exists and the rest's dots decide.
            throw self.contains(Self.lexicallyResolved(path)) ? .absent : .outside
        }
        guard self.contains(resolved) else { throw .outside }
        var status = stat()
        guard unsafe stat(resolved, &status) == 0 else { throw .absent }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        return Entry(path: resolved, byteCount: Int64(status.st_size))
    }

    /// Finds the directory that a request means: its path, absolute and free of links; `nil` for anything else.
    func locateDirectory(_ contentPath: String) -> String? {
        let path = contentPath.hasPrefix("/") ? contentPath : "\(self.root)/\(contentPath)"
        var status = stat()
        guard let resolved = Self.resolve(path), self.contains(resolved), unsafe stat(resolved, &status) == 0,
            status.st_mode & S_IFMT == S_IFDIR
        else { return nil }
        return resolved
    }

    /// Whether an open file lies in the folder: what counts is the file that was opened, not what its path means now.
    func contains(descriptor: Int32) -> Bool {
        // The kernel's own link of an open descriptor names the file without links.
        guard let path = Self.resolve("/proc/self/fd/\(descriptor)") else { return false }
        return self.contains(path)
    }

    private func contains(_ resolved: String) -> Bool {
        let base = self.resolvedBase ?? self.base
        return resolved.hasPrefix(base.hasSuffix("/") ? base : base + "/")
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// The longest part of `path` that exists, resolved, with the rest appended and its `.` and `..` worked out.
    private static func lexicallyResolved(_ path: String) -> String {
        var existing = path.split(separator: "/", omittingEmptySubsequences: true)[...]
        var rest: [Substring] = []
        var start = "/"
        while let last = existing.last {
            if let resolved = Self.resolve("/" + existing.joined(separator: "/")) {
                start = resolved
                break
            }
            rest.insert(last, at: 0)
            existing = existing.dropLast()
        }
        var components = start.split(separator: "/")
        for component in rest where component != "." {
            if component == ".." { _ = components.popLast() } else { components.append(component) }
        }
        return "/" + components.joined(separator: "/")
    }
}

extension ContentFolder {
    init(settings: PipelineSettings) {
        self.init(root: settings.folders.root, base: settings.folders.contentBase)
    }
}

/// The content folder as the doctor sees it.
package struct ContentFolderAccess: Hashable, Sendable {
    package let isHere: Bool
    package let isReadable: Bool
    package let isWritable: Bool

    package init(settings: PipelineSettings) {
        let base = ContentFolder(settings: settings).base
        self.isHere = unsafe access(base, F_OK) == 0
        self.isReadable = unsafe access(base, R_OK | X_OK) == 0
        self.isWritable = unsafe access(base, W_OK) == 0
    }
}
