internal import Blocking
/// Reading a file from its first byte to its last, in large blocks.
extension OpenFile {
    /// Large enough that system calls do not count, small enough to stay in the processor's cache.
    static let blockSize = 1 << 20

    /// The text of a small file; of a large one its first 4 KiB. Blocks.
    func firstBlock() throws(SystemCallError) -> String {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = try unsafe bytes.withUnsafeMutableBufferPointer { buffer throws(SystemCallError) in
            try unsafe self.read(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
        }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}

/// The same for whatever is to be stored.
extension ByteSource {
    /// Hands all bytes to `body`, block by block, in order. Blocks.
    ///
    /// - Parameter limit: ends after so many bytes.
    /// - Throws: ``SystemCallError/cancelled`` soon after a cancellation, or what reading or `body` throws.
    func forEachBlock(
        until cancellation: Cancellation, limit: Int64 = .max,
        _ body: (UnsafeRawBufferPointer) throws(SystemCallError) -> Void
    ) throws(SystemCallError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: OpenFile.blockSize, alignment: 16)
        defer { unsafe buffer.deallocate() }
        var offset: Int64 = 0
        while offset < limit {
            guard !cancellation.isRequested else { throw .cancelled }
            let wanted = Int(min(Int64(buffer.count), limit - offset))
            let count = try unsafe self.read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: offset)
            guard count > 0 else { return }
            try unsafe body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += Int64(count)
        }
    }
}
