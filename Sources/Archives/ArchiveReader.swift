internal import CArchive
import Glibc

/// Reads the regular files of a zip archive, one after the other, into memory: no name in it ever becomes a path.
///
/// Links, folders and other entries are passed over. Every method blocks; used by one thread at a time.
@safe
package struct ArchiveReader: ~Copyable {
    private let archive: OpaquePointer
    private let path: String

    private init(takingOwnershipOf archive: OpaquePointer, path: String) {
        unsafe self.archive = unsafe archive
        self.path = path
    }

    deinit { unsafe archive_read_free(self.archive) }

    /// Bytes that one call of libarchive reads.
    private static let blockSize = 1 << 18

    /// Opens the zip at `path`.
    ///
    /// - Throws: ``ArchiveError/Code/invalidData``, ``ArchiveError/Code/inputOutput``, ``ArchiveError/Code/outOfMemory``.
    package static func zip(at path: String) throws(ArchiveError) -> ArchiveReader {
        guard let archive = unsafe archive_read_new() else {
            throw ArchiveError(.outOfMemory, "memory ran out", from: "archive_read_new")
        }
        let reader = unsafe ArchiveReader(takingOwnershipOf: archive, path: path)
        // The seekable reader believes the directory at the end, as every other program does.
        try unsafe reader.check(
            archive_read_support_format_zip_seekable(archive), "archive_read_support_format_zip_seekable")
        try unsafe reader.check(
            archive_read_open_filename(archive, path, Self.blockSize), "archive_read_open_filename")
        return reader
    }

    /// A file of the archive.
    package struct Entry: Hashable, Sendable {
        /// As it stands in the archive: not to be used as a path.
        package let name: String
        /// What the archive says of its length; `nil` when it does not.
        package let byteCount: Int64?
    }

    /// Goes on to the next regular file; `nil` at the end.
    package mutating func next() throws(ArchiveError) -> Entry? {
        while true {
            var entry: OpaquePointer?
            let status = Self.inUnicode { unsafe archive_read_next_header(self.archive, &entry) }
            if status == ARCHIVE_EOF { return nil }
            try self.check(status, "archive_read_next_header")
            guard let entry = unsafe entry, unsafe archive_entry_filetype(entry) == carchive_regular_file,
                unsafe archive_entry_symlink(entry) == nil, unsafe archive_entry_hardlink(entry) == nil,
                let name = Self.inUnicode({
                    unsafe archive_entry_pathname_utf8(entry).map { unsafe String(cString: $0) }
                })
            else { continue }
            let isKnown = unsafe archive_entry_size_is_set(entry) != 0
            return unsafe Entry(name: name, byteCount: isKnown ? archive_entry_size(entry) : nil)
        }
    }

    /// Runs `body` with a character set that has every name: libarchive drops names that the thread's locale, "C" in a
    /// service, cannot spell.
    private static func inUnicode<Success>(_ body: () -> Success) -> Success {
        let unicode = unsafe newlocale(Int32(LC_CTYPE_MASK), "C.UTF-8", nil)
        let former = unsafe uselocale(unicode)
        defer {
            unsafe uselocale(former)
            if let unicode = unsafe unicode { unsafe freelocale(unicode) }
        }
        return body()
    }

    /// The bytes of the file that ``next()`` gave.
    ///
    /// - Parameter limit: more bytes are refused, whatever the archive said of their number.
    /// - Throws: ``ArchiveError/Code/invalidData`` also for encrypted files and too many bytes.
    package mutating func bytes(upTo limit: Int) throws(ArchiveError) -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: Self.blockSize)
        while true {
            let count = unsafe block.withUnsafeMutableBytes {
                unsafe archive_read_data(self.archive, $0.baseAddress, $0.count)
            }
            if count == 0 { return bytes }
            // A warning means damage here, such as a wrong checksum, and gives no bytes.
            guard count > 0 else {
                throw unsafe ArchiveError.last(
                    of: self.archive, from: "archive_read_data", path: self.path, otherwise: .invalidData)
            }
            guard bytes.count + count <= limit else {
                throw ArchiveError(.invalidData, "\(self.path): a file has more than \(limit) bytes", from: "limit")
            }
            bytes += block[..<count]
        }
    }

    private func check(_ status: Int32, _ call: String) throws(ArchiveError) {
        guard status < ARCHIVE_WARN else { return }
        throw unsafe ArchiveError.last(of: self.archive, from: call, path: self.path, otherwise: .invalidData)
    }
}
