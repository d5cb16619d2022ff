import Glibc

/// A video file, opened once and read only through that descriptor.
///
/// May be used from any thread: reads name their offset, so readers do not disturb each other.
package final class SourceFile: Sendable {
    /// The file's name without its directories, for messages.
    package let name: String
    /// Size and modification time at the moment of opening.
    package let identity: SourceIdentity
    private let descriptor: Int32

    /// Opens the regular file at `path`.
    ///
    /// - Throws: ``MediaError/Code/inaccessible`` when there is none, it may not be read, or it is a directory, pipe,
    ///   socket or device. The caller has checked that the path is one that may be read at all.
    package init(path: String) throws(MediaError) {
        self.name = path.split(separator: "/").last.map(String.init) ?? path
        // O_NONBLOCK: opening a named pipe must not wait for a writer.
        self.descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard self.descriptor >= 0 else {
            throw MediaError(
                .inaccessible, "\(self.name) cannot be opened: \(Self.reason)", from: "open", status: errno)
        }
        do throws(MediaError) {
            self.identity = try Self.identity(of: self.descriptor, name: self.name)
        } catch {
            close(self.descriptor)
            throw error
        }
    }

    deinit { close(self.descriptor) }

    /// Lends the open descriptor, for example to hash the bytes. Use `pread`: the file's own offset is nobody's.
    package func withDescriptor<Result, Failure: Error>(
        _ body: (Int32) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(self.descriptor)
    }

    /// - Throws: ``MediaError/Code/sourceChanged`` when size or modification time differ from ``identity``.
    package func checkUnchanged() throws(MediaError) {
        guard try Self.identity(of: self.descriptor, name: self.name) == self.identity else {
            throw MediaError(.sourceChanged, "\(self.name) changed while it was being processed", from: "fstat")
        }
    }

    /// Fills `buffer` from `offset`; returns the number of bytes read, 0 at the end, or -1 with `errno` set.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) -> Int {
        while true {
            let count = unsafe pread(self.descriptor, buffer.baseAddress, buffer.count, Int(offset))
            guard count < 0, errno == EINTR else { return count }
        }
    }

    private static func identity(of descriptor: Int32, name: String) throws(MediaError) -> SourceIdentity {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw MediaError(.inaccessible, "\(name) cannot be examined: \(self.reason)", from: "fstat", status: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw MediaError(.inaccessible, "\(name) is not a regular file", from: "fstat")
        }
        let seconds = Int64(status.st_mtim.tv_sec)
        return SourceIdentity(
            byteCount: Int64(status.st_size),
            modificationTime: seconds * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
    }

    /// The system's words for `errno`.
    private static var reason: String { unsafe String(cString: strerror(errno)) }
}

/// What tells that a file is still the one that was looked at before.
package struct SourceIdentity: Hashable, Sendable, Codable {
    package let byteCount: Int64
    /// Nanoseconds since 1970.
    package let modificationTime: Int64

    package init(byteCount: Int64, modificationTime: Int64) {
        self.byteCount = byteCount
        self.modificationTime = modificationTime
    }
}
