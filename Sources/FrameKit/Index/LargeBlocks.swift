internal import CFFmpeg

/// Blocks of memory that grow with the length of a video, or with the size of its pictures.
enum LargeBlocks {
    /// Pictures up to 1080p stay below and are reused without the system; an index of ten hours is above.
    private static let byteCount: Int32 = 4 << 20

    /// Makes the allocator give large blocks back to the system as soon as they are freed; once for the process.
    ///
    /// By itself glibc keeps freed blocks of up to 32 MB (mallopt(3), "M_MMAP_THRESHOLD"), so that opening a long video
    /// several times would take its room several times.
    static func returnWhenFreed() { _ = self.isSet }

    private static let isSet = mallopt(M_MMAP_THRESHOLD, byteCount) == 1
}
