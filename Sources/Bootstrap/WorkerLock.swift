internal import Blocking
internal import FoundationEssentials
internal import Glibc

/// A file that a worker process keeps locked for as long as it lives, so that the next start on this machine knows
/// which leases nobody can use any more.
///
/// The kernel gives the lock back when the process ends, however it ends (flock(2)); a process that is paused keeps it,
/// and ids that the system uses again deceive nobody. The file's name begins with the machine's id: locks of another
/// machine, on a folder that several share, are left alone.
package final class WorkerLock: Sendable {
    /// What went wrong with the folder or the file: one sentence.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let path: String
    private let descriptor: Int32

    /// Locks a new file for the worker `owner`. Blocks for as long as a local disk does.
    ///
    /// - Parameter folder: the folder for work files; made when it is not there.
    package init(of owner: String, in folder: String) throws(Failure) {
        let directory = Self.directory(in: folder)
        do { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) } catch {
            throw Failure(description: "\(directory) cannot be made: \(error)")
        }
        let name = "\(Self.prefix)\(UInt64.random(in: .min ... .max)).lock"
        self.path = "\(directory)/\(name)"
        self.descriptor = unsafe open(self.path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o644)
        guard self.descriptor >= 0 else { throw Self.failure("made", self.path) }
        // Locked before the name is in it: a file without a name belongs to a process that is just starting.
        guard flock(self.descriptor, LOCK_EX) == 0, Self.write(owner, to: self.descriptor) else {
            close(self.descriptor)
            unsafe unlink(self.path)
            throw Self.failure("written", self.path)
        }
    }

    deinit {
        unsafe unlink(self.path)
        close(self.descriptor)
    }

    /// Workers of this machine that have ended without giving their leases back. Looks on a thread that may block.
    package static func endedOwners(in folder: String) async -> [EndedOwner] {
        await BlockingThreadPool(count: 1, label: "locks").run { _ in self.findEndedOwners(in: folder) }
    }

    private static func findEndedOwners(in folder: String) -> [EndedOwner] {
        let directory = self.directory(in: folder)
        // try?: without the folder no worker has ever run here.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasPrefix(self.prefix) }.compactMap { EndedOwner(path: "\(directory)/\($0)") }
    }

    /// A worker that has ended.
    package struct EndedOwner: Sendable {
        package let owner: String
        private let path: String

        /// `nil` while the worker lives.
        fileprivate init?(path: String) {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = unsafe read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return nil }
            self.owner = String(decoding: bytes.prefix(count), as: UTF8.self)
            self.path = path
        }

        /// Removes the file, once the leases are back in the queue.
        package func removeFile() { unsafe unlink(self.path) }
    }

    private static func directory(in folder: String) -> String { "\(folder)/workers" }

    /// The machine's id (machine-id(5)); where there is none, as in many containers, that of the kernel's boot
    /// (proc(5)).
    private static let prefix: String = {
        let files = ["/etc/machine-id", "/proc/sys/kernel/random/boot_id"]
        // try?: a file that is not there tells nothing.
        let ids = files.lazy.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
            .map { $0.filter { !$0.isWhitespace } }
        // Without both, all locks count as this machine's, which holds for a folder that is not shared.
        return "\(ids.first { !$0.isEmpty } ?? "unknown")-"
    }()

    private static func write(_ owner: String, to descriptor: Int32) -> Bool {
        let bytes = Array(owner.utf8)
        return unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count
    }

    private static func failure(_ verb: String, _ path: String) -> Failure {
        Failure(description: "\(path) cannot be \(verb): \(unsafe String(cString: strerror(errno)))")
    }
}

/// Names of workers: readable, and unlike any other, now or earlier.
package enum WorkerName {
    package static func make() -> String {
        let random = String(UInt32.random(in: .min ... .max), radix: 36)
        return "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)/\(random)"
    }
}
