import Glibc

/// An open file; the descriptor is closed with the last owner.
///
/// Reads are positioned, so that several threads may share it.
final class OpenFile: Sendable {
    let descriptor: Int32

    init(takingOwnershipOf descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Opens an existing regular file for reading. Blocks.
    static func reading(_ path: String) throws(SystemCallError) -> OpenFile {
        // O_NONBLOCK: a FIFO must not hold us up; it is refused below.
        let descriptor = try SystemCallError.check(
            unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), from: "open")
        let file = OpenFile(takingOwnershipOf: descriptor)
        guard try file.status().isRegular else { throw SystemCallError(call: "open", number: EISDIR) }
        return file
    }

    /// Opens a file for writing, in place of what was in it. Blocks.
    static func writing(_ path: String) throws(SystemCallError) -> OpenFile {
        let descriptor = try SystemCallError.check(
            unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644), from: "open")
        return OpenFile(takingOwnershipOf: descriptor)
    }

    deinit { close(self.descriptor) }

    /// What `fstat` tells of it.
    struct Status {
        let byteCount: Int64
        let isRegular: Bool
        /// Seconds since 1970.
        let modified: Int
        /// Differs from that of any other file or state that the name has had: inode, size and time of the last write.
        let identity: String
    }

    func status() throws(SystemCallError) -> Status {
        var status = stat()
        try SystemCallError.check(unsafe fstat(self.descriptor, &status), from: "fstat")
        return Status(status)
    }

    /// Reads up to `buffer.count` bytes from `offset`; 0 at the end of the file. Blocks.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SystemCallError) -> Int {
        while true {
            let count = unsafe pread(self.descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count < 0, errno == EINTR { continue }
            return try SystemCallError.check(count, from: "pread")
        }
    }

    /// Appends all of `buffer`. Blocks.
    func append(_ buffer: UnsafeRawBufferPointer) throws(SystemCallError) {
        var rest = unsafe buffer[...]
        while unsafe !rest.isEmpty {
            let part = unsafe UnsafeRawBufferPointer(rebasing: rest)
            let count = unsafe write(self.descriptor, part.baseAddress, part.count)
            if count < 0, errno == EINTR { continue }
            unsafe rest = try unsafe rest.dropFirst(SystemCallError.check(count, from: "write"))
        }
    }

    func append(_ text: String) throws(SystemCallError) {
        try unsafe Array(text.utf8).withUnsafeBufferPointer { bytes throws(SystemCallError) in
            try unsafe self.append(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Takes everything out of it, to be written from its start again. Blocks.
    func empty() throws(SystemCallError) {
        try SystemCallError.check(ftruncate(self.descriptor, 0), from: "ftruncate")
        try SystemCallError.check(lseek(self.descriptor, 0, SEEK_SET), from: "lseek")
    }

    /// Makes what was written survive a power cut. Blocks.
    func synchronize() throws(SystemCallError) {
        try SystemCallError.check(fsync(self.descriptor), from: "fsync")
    }
}

extension OpenFile.Status {
    init(_ status: stat) {
        self.byteCount = Int64(status.st_size)
        self.isRegular = status.st_mode & S_IFMT == S_IFREG
        self.modified = status.st_mtim.tv_sec
        self.identity = "\(status.st_ino)-\(status.st_size)-\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
}
