internal import SystemPackage

/// A part of the report that is text, written piece by piece. Blocks; used by one thread at a time.
struct ReportFile: ~Copyable {
    private let file: FileDescriptor
    private var pending: [UInt8] = []

    private static let blockSize = 1 << 16

    init(path: String) throws {
        self.file = try unsafe FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: [.ownerReadWrite])
    }

    deinit { try? self.file.close() }  // What counts was written by finish.

    mutating func write(_ text: String) throws {
        self.pending += text.utf8
        if self.pending.count >= Self.blockSize { try self.flush() }
    }

    consuming func finish() throws { try self.flush() }

    private mutating func flush() throws {
        try self.file.writeAll(self.pending)
        self.pending.removeAll(keepingCapacity: true)
    }
}
