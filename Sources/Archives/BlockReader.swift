import Glibc

/// Reads a regular file from its start to its end. Blocks.
struct BlockReader: ~Copyable {
    private let descriptor: Int32
    private let path: String
    /// Bytes when it was opened.
    let byteCount: Int64

    private static let blockSize = 1 << 18

    init(_ path: String) throws(ArchiveError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            close(descriptor)
            throw Self.failure("fstat", path)
        }
        self.descriptor = descriptor
        self.path = path
        self.byteCount = Int64(status.st_size)
    }

    deinit { close(self.descriptor) }

    /// The next bytes; `nil` at the end.
    mutating func next() throws(ArchiveError) -> [UInt8]? {
        var block = [UInt8](repeating: 0, count: Self.blockSize)
        let count = unsafe read(self.descriptor, &block, block.count)
        guard count >= 0 else { throw Self.failure("read", self.path) }
        guard count > 0 else { return nil }
        block.removeLast(block.count - count)
        return block
    }

    private static func failure(_ call: String, _ path: String) -> ArchiveError {
        let reason = unsafe String(cString: strerror(errno))
        return ArchiveError(.inputOutput, "\(path): \(reason)", from: call)
    }
}
