import Glibc

/// An open directory: names are resolved from it, and links in it are never followed. Every method blocks.
final class OpenDirectory: Sendable {
    let descriptor: Int32

    init(takingOwnershipOf descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(self.descriptor) }

    /// Opens the directory at `path`; here, and only here, links are followed.
    static func opening(_ path: String) throws(SystemCallError) -> OpenDirectory {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        return OpenDirectory(takingOwnershipOf: try SystemCallError.check(descriptor, from: "open"))
    }

    /// Whether both are one directory, by whatever paths they were opened.
    func isSame(as other: OpenDirectory) throws(SystemCallError) -> Bool {
        let (mine, others) = (try self.status(), try other.status())
        return mine.st_dev == others.st_dev && mine.st_ino == others.st_ino
    }

    private func status() throws(SystemCallError) -> stat {
        var status = stat()
        try SystemCallError.check(unsafe fstat(self.descriptor, &status), from: "fstat")
        return status
    }

    /// The directory at `path` below this one; `nil` when there is none.
    func directory(at path: some Sequence<String>) throws(SystemCallError) -> OpenDirectory? {
        var directory = self
        do throws(SystemCallError) {
            for name in path {
                guard let next = try directory.directory(named: name) else { return nil }
                directory = next
            }
        } catch let error where error.number == ENOTDIR {
            // A file or a link.
            return nil
        }
        return directory
    }

    /// The same; what is missing is made.
    func makeDirectory(at path: some Sequence<String>) throws(SystemCallError) -> OpenDirectory {
        var directory = self
        for name in path {
            if let next = try directory.directory(named: name) {
                directory = next
                continue
            }
            // Another thread or process may be faster.
            if unsafe mkdirat(directory.descriptor, name, 0o755) < 0, errno != EEXIST {
                throw SystemCallError(call: "mkdir")
            }
            try directory.synchronize()
            guard let next = try directory.directory(named: name) else {
                throw SystemCallError(call: "mkdir", number: ENOENT)
            }
            directory = next
        }
        return directory
    }

    private func directory(named name: String) throws(SystemCallError) -> OpenDirectory? {
        try self.open(name, flags: O_RDONLY | O_DIRECTORY).map(OpenDirectory.init(takingOwnershipOf:))
    }

    /// The regular file of that name, open for reading; `nil` when there is none.
    func file(named name: String) throws(SystemCallError) -> OpenFile? {
        do throws(SystemCallError) {
            // O_NONBLOCK: a FIFO that someone has put there must not hold us up.
            guard let descriptor = try self.open(name, flags: O_RDONLY | O_NONBLOCK) else { return nil }
            let file = OpenFile(takingOwnershipOf: descriptor)
            return try file.status().isRegular ? file : nil
        } catch let error where [ELOOP, ENXIO].contains(error.number) {
            // A link or a socket.
            return nil
        }
    }

    /// A new, empty file of that name, open for writing.
    func makeFile(named name: String) throws(SystemCallError) -> OpenFile {
        let descriptor = unsafe openat(
            self.descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        return OpenFile(takingOwnershipOf: try SystemCallError.check(descriptor, from: "open"))
    }

    /// Gives the file another name, in place of what has that name.
    func rename(_ old: String, to new: String) throws(SystemCallError) {
        try SystemCallError.check(
            unsafe renameat(self.descriptor, old, self.descriptor, new), from: "rename")
    }

    /// Removes the file; harmless when there is none, or a directory.
    func removeFile(named name: String) throws(SystemCallError) {
        guard unsafe unlinkat(self.descriptor, name, 0) < 0 else { return }
        guard [ENOENT, EISDIR].contains(errno) else { throw SystemCallError(call: "unlink") }
    }

    /// Removes the directory of that name when it is empty, and says whether it did.
    func removeEmptyDirectory(named name: String) throws(SystemCallError) -> Bool {
        if unsafe unlinkat(self.descriptor, name, AT_REMOVEDIR) == 0 { return true }
        guard [ENOTEMPTY, EEXIST, ENOENT].contains(errno) else { throw SystemCallError(call: "rmdir") }
        return false
    }

    /// Makes names that were added, changed or removed survive a power cut.
    func synchronize() throws(SystemCallError) {
        try SystemCallError.check(fsync(self.descriptor), from: "fsync")
    }

    /// A descriptor of `name`; `nil` when there is nothing of that name.
    private func open(_ name: String, flags: Int32) throws(SystemCallError) -> Int32? {
        let descriptor = unsafe openat(self.descriptor, name, flags | O_NOFOLLOW | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return nil }
        return try SystemCallError.check(descriptor, from: "open")
    }
}
