/// Bytes that are to be stored.
enum ByteSource: Sendable {
    /// Never whole in memory; the first byte is at `offset`.
    case file(OpenFile, offset: Int64)
    case memory([UInt8])

    /// Copies the bytes from `position` on, as many as fit; 0 at the end. Blocks.
    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int64) throws(SystemCallError) -> Int {
        switch self {
        case .file(let file, let offset):
            return try unsafe file.read(into: buffer, at: offset + position)
        case .memory(let bytes):
            let part = bytes[Int(position)..<min(bytes.count, Int(position) + buffer.count)]
            unsafe buffer.copyBytes(from: part)
            return part.count
        }
    }
}
