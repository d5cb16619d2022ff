internal import FoundationEssentials
internal import Glibc

/// A directory that receives the clips of one run. A file appears in it under its name only when it is whole.
///
/// Locked while it is open, so that no other run writes there. May be used from any thread; names are those of files
/// in the directory.
final class ClipFolder: Sendable {
    let path: String
    private let descriptor: Int32
    private let isNew: Bool

    /// Opens the directory at `path`, and makes it where there is none.
    init(at path: String) throws(LocalFailure) {
        self.path = path
        self.isNew = !FileManager.default.fileExists(atPath: path)
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw LocalFailure("\(path) cannot be made a directory.")
        }
        self.descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard self.descriptor >= 0 else { throw LocalFailure("\(path) cannot be opened: \(Self.reason).") }
        guard flock(self.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw LocalFailure("Another run is making clips in \(path).")
        }
    }

    /// Gives the lock up, too.
    deinit { if self.descriptor >= 0 { close(self.descriptor) } }

    func contains(_ name: String) -> Bool { unsafe faccessat(self.descriptor, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 }

    /// Where the file `name` is written before ``publish(_:)``. What a killed run left there is overwritten.
    func partialPath(of name: String) -> String { "\(self.path)/\(Self.partialName(of: name))" }

    /// Gives the finished file its name, in the place of an older file with this name.
    func publish(_ name: String) throws(LocalFailure) {
        guard unsafe renameat(self.descriptor, Self.partialName(of: name), self.descriptor, name) == 0 else {
            throw LocalFailure("\(self.path)/\(name) cannot be written: \(Self.reason).")
        }
    }

    /// Writes a small file and publishes it.
    func write(_ data: Data, to name: String) throws(LocalFailure) {
        do {
            try data.write(to: URL(filePath: self.partialPath(of: name)))
        } catch {
            throw LocalFailure("\(self.path)/\(name) cannot be written.")
        }
        try self.publish(name)
    }

    /// Removes what is written of the file `name` and not published.
    func removePartial(of name: String) { _ = unsafe unlinkat(self.descriptor, Self.partialName(of: name), 0) }

    func remove(_ name: String) { _ = unsafe unlinkat(self.descriptor, name, 0) }

    /// Removes the directory if it was made for this run and nothing lies in it.
    func removeIfNew() { if self.isNew { _ = unsafe rmdir(self.path) } }

    private static func partialName(of name: String) -> String { ".\(name).partial" }

    /// The system's words for `errno`.
    private static var reason: String { unsafe String(cString: strerror(errno)) }
}
