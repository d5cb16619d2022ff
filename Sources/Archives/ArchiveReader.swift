internal import CArchive
import Glibc

/// Reads the files of a zip archive, one after the other, into memory: no name in it ever becomes a path.
///
/// Folders are passed over. Every method blocks; used by one thread at a time.
@safe
package struct ArchiveReader: ~Copyable {
    private let archive: OpaquePointer
    /// Of the archive, in messages.
    private let path: String
    private let name: String
    /// Byte by byte, in the order in which files come; empty when only libarchive knows them.
    private let names: [[UInt8]]
    private let texts: FileNames
    private var position = -1

    private init(takingOwnershipOf archive: OpaquePointer, path: String, name: String, names: [[UInt8]]) {
        unsafe self.archive = unsafe archive
        self.path = path
        self.name = name
        self.names = names
        self.texts = FileNames(names)
    }

    deinit { unsafe archive_read_free(self.archive) }

    /// Bytes that one call of libarchive reads.
    private static let blockSize = 1 << 18

    /// Opens the zip at `path`.
    ///
    /// - Parameter name: how messages call it; its path without one.
    /// - Throws: ``ArchiveError/Code/invalidData``, ``ArchiveError/Code/inputOutput``,
    ///   ``ArchiveError/Code/outOfMemory``.
    package static func zip(at path: String, name: String? = nil) throws(ArchiveError) -> ArchiveReader {
        guard let archive = unsafe archive_read_new() else {
            throw ArchiveError(.outOfMemory, "memory ran out", from: "archive_read_new")
        }
        let reader = unsafe ArchiveReader(
            takingOwnershipOf: archive, path: path, name: name ?? path,
            names: ZipDirectory(path: path)?.names.map(\.bytes) ?? [])
        // The seekable reader believes the directory at the end, as every other program does.
        try unsafe reader.check(
            archive_read_support_format_zip_seekable(archive), "archive_read_support_format_zip_seekable")
        try unsafe reader.check(
            archive_read_open_filename(archive, path, Self.blockSize), "archive_read_open_filename")
        return reader
    }

    /// A file of the archive.
    package struct Entry: Hashable, Sendable {
        /// Readable, and not to be used as a path. Two files may have one name.
        package let name: String
        /// The name byte by byte: what tells two files apart.
        package let rawName: [UInt8]
        /// From 0 among all entries of the archive; the same whenever it is read.
        package let position: Int
        /// What the archive says of its length; `nil` when it does not.
        package let byteCount: Int64?
        /// Why the file cannot be read, as in "is encrypted"; `nil` when nothing speaks against it.
        package let problem: String?
    }

    /// Continues to the next file or link; folders are passed over.
    ///
    /// - Returns: `nil` at the end of the archive.
    package mutating func next() throws(ArchiveError) -> Entry? {
        while true {
            var entry: OpaquePointer?
            let status = Self.inUnicode { unsafe archive_read_next_header(self.archive, &entry) }
            if status == ARCHIVE_EOF { return nil }
            try self.check(status, "archive_read_next_header")
            self.position += 1
            guard let entry = unsafe entry, unsafe archive_entry_filetype(entry) != carchive_folder else { continue }
            let name = unsafe self.rawName(of: entry)
            guard name.last != 0x2F else { continue }
            let isKnown = unsafe archive_entry_size_is_set(entry) != 0
            return unsafe Entry(
                name: self.texts.text(of: name), rawName: name, position: self.position,
                byteCount: isKnown ? archive_entry_size(entry) : nil, problem: Self.problem(of: entry))
        }
    }

    private func rawName(of entry: OpaquePointer) -> [UInt8] {
        let known = Self.inUnicode {
            unsafe archive_entry_pathname_utf8(entry).map { unsafe Array(String(cString: $0).utf8) }
        }
        if self.names.indices.contains(self.position) {
            let name = self.names[self.position]
            // Both must mean the same file: as text, for libarchive may use another normal form.
            let text = String(validating: name, as: UTF8.self)
            if text == nil || known == nil || text == known.map({ String(decoding: $0, as: UTF8.self) }) { return name }
        }
        return known ?? Array("file \(self.position + 1)".utf8)
    }

    private static func problem(of entry: OpaquePointer) -> String? {
        if unsafe archive_entry_symlink(entry) != nil || archive_entry_hardlink(entry) != nil { return "is a link" }
        if unsafe archive_entry_filetype(entry) != carchive_regular_file { return "is no regular file" }
        return unsafe archive_entry_is_data_encrypted(entry) != 0 ? "is encrypted" : nil
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
                    of: self.archive, from: "archive_read_data", path: self.path, name: self.name,
                    otherwise: .invalidData)
            }
            guard bytes.count + count <= limit else {
                throw ArchiveError(.invalidData, "\(self.name): a file has more than \(limit) bytes", from: "limit")
            }
            bytes += block[..<count]
        }
    }

    private func check(_ status: Int32, _ call: String) throws(ArchiveError) {
        guard status < ARCHIVE_WARN else { return }
        throw unsafe ArchiveError.last(
            of: self.archive, from: call, path: self.path, name: self.name, otherwise: .invalidData)
    }
}
