import Glibc

extension OpenDirectory {
    /// One name in a directory.
    struct Entry: Hashable {
        enum Kind {
            case file
            case directory
            /// Links, sockets and the like: nothing that a store keeps.
            case other
        }

        let name: String
        let kind: Kind
    }

    /// What is in it, in no order; names that are not UTF-8 are left out. Blocks.
    func entries() throws(SystemCallError) -> [Entry] {
        // The stream gets a descriptor of its own, since it moves the position and closes it.
        let descriptor = try SystemCallError.check(
            unsafe openat(self.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), from: "open")
        guard let stream = unsafe fdopendir(descriptor) else {
            close(descriptor)
            throw SystemCallError(call: "opendir")
        }
        defer { unsafe closedir(stream) }
        var entries: [Entry] = []
        while true {
            // The only way to tell the end from a failure.
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else { throw SystemCallError(call: "readdir") }
                return entries
            }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let name, name != ".", name != ".." else { continue }
            entries.append(Entry(name: name, kind: try self.kind(of: name)))
        }
    }

    /// Asks the file itself: not every file system tells its kind with the name.
    private func kind(of name: String) throws(SystemCallError) -> Entry.Kind {
        var status = stat()
        if unsafe fstatat(self.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) < 0 {
            // Removed meanwhile.
            guard errno == ENOENT else { throw SystemCallError(call: "stat") }
            return .other
        }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .directory
        default: .other
        }
    }
}
