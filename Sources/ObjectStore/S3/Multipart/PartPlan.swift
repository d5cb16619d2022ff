/// How a large file is cut into the parts of a multipart upload: the same file always in the same way, so that an
/// interrupted upload can continue.
struct PartPlan: Hashable, Sendable {
    /// Bytes from which on files go up in parts.
    var threshold: Int64 = 64 << 20
    /// Bytes of a part, for files that this does not cut into too many.
    var partByteCount: Int64 = 16 << 20

    /// S3 allows 10,000; some of its kin fewer.
    private static let greatestCount: Int64 = 9_000

    struct Part: Hashable, Sendable {
        /// From 1.
        let number: Int
        let offset: Int64
        let byteCount: Int64
    }

    /// - Parameter byteCount: of the file, above 0.
    func parts(of byteCount: Int64) -> [Part] {
        let unit: Int64 = 1 << 20
        let least = (byteCount / Self.greatestCount / unit + 1) * unit
        let size = max(self.partByteCount, least)
        return stride(from: 0, to: byteCount, by: Int64.Stride(size)).enumerated().map { index, offset in
            Part(number: index + 1, offset: offset, byteCount: min(size, byteCount - offset))
        }
    }
}
