internal import Glibc

extension ContentFolder {
    /// Why a file could not be removed.
    struct RemovalError: Error, CustomStringConvertible {
        let description: String
    }

    /// What stands between a request's path and a removal.
    enum Removal: Hashable {
        case removed
        /// Nothing is there.
        case absent
        /// Something else is there than what was to be removed.
        case spared
    }

    /// Removes the regular file that `contentPath` means, if it still has the size and modification time of `source`.
    ///
    /// The folder is walked down from its base without following a link, and the file is taken out of the directory
    /// that was reached: whoever puts a link in the way meanwhile leads nowhere. What lies outside is spared.
    func remove(_ contentPath: String, of byteCount: Int64, modified: Int64) throws(RemovalError) -> Removal {
        let entry: Entry
        do throws(PathProblem) { entry = try self.locate(contentPath) } catch {
            return error == .absent ? .absent : .spared
        }
        guard let names = self.names(below: entry.path), let name = names.last else { return .spared }
        guard let directory = self.openDirectory(names.dropLast()) else { return .spared }
        defer { close(directory) }
        var status = stat()
        guard unsafe fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .absent }
        let time = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        guard status.st_mode & S_IFMT == S_IFREG, Int64(status.st_size) == byteCount, time == modified else {
            return .spared
        }
        guard unsafe unlinkat(directory, name, 0) == 0 else {
            throw RemovalError(
                description: "\(entry.path) cannot be removed: \(unsafe String(cString: strerror(errno)))")
        }
        return .removed
    }

    /// The names from the base to a path that was resolved; `nil` for a path elsewhere.
    private func names(below path: String) -> [String]? {
        guard let base = self.resolvedBase, path.hasPrefix(base + "/") else { return nil }
        return path.dropFirst(base.count + 1).split(separator: "/").map(String.init)
    }

    /// A descriptor of the directory that `names` lead to from the base; `nil` when any of them is a link or gone.
    private func openDirectory(_ names: some Sequence<String>) -> Int32? {
        guard let base = self.resolvedBase else { return nil }
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var directory = unsafe open(base, flags)
        for name in names where directory >= 0 {
            let next = unsafe openat(directory, name, flags)
            close(directory)
            directory = next
        }
        return directory < 0 ? nil : directory
    }
}
