internal import CArchive

/// Writes a zip archive whose bytes depend on nothing but names, contents and their order: entries are stored as they
/// are, in one fixed time and mode.
///
/// Media do not get smaller by another compression; archives larger than 4 GiB become Zip64 by themselves. Every method
/// blocks; used by one thread at a time. An archive that is not finished is of no use.
@safe
package struct ArchiveWriter: ~Copyable {
    private let archive: OpaquePointer
    private let path: String

    private init(takingOwnershipOf archive: OpaquePointer, path: String) {
        unsafe self.archive = unsafe archive
        self.path = path
    }

    deinit { unsafe archive_write_free(self.archive) }

    /// Begins a zip at `path`, in place of what is there.
    ///
    /// - Throws: ``ArchiveError/Code/inputOutput``, ``ArchiveError/Code/outOfMemory``.
    package static func zip(at path: String) throws(ArchiveError) -> ArchiveWriter {
        guard let archive = unsafe archive_write_new() else {
            throw ArchiveError(.outOfMemory, "memory ran out", from: "archive_write_new")
        }
        let writer = unsafe ArchiveWriter(takingOwnershipOf: archive, path: path)
        try unsafe writer.check(archive_write_set_format_zip(archive), "archive_write_set_format_zip")
        // Names outside ASCII are marked as UTF-8.
        try unsafe writer.check(
            archive_write_set_options(archive, "zip:compression=store,zip:hdrcharset=UTF-8"),
            "archive_write_set_options")
        // The last block is not filled up.
        try unsafe writer.check(
            archive_write_set_bytes_in_last_block(archive, 1), "archive_write_set_bytes_in_last_block")
        try unsafe writer.check(archive_write_open_filename(archive, path), "archive_write_open_filename")
        return writer
    }

    /// Adds a file.
    ///
    /// - Parameter name: a relative path with slashes.
    package mutating func add(_ bytes: [UInt8], named name: String) throws(ArchiveError) {
        try self.begin(name, byteCount: Int64(bytes.count))
        try self.append(bytes)
    }

    /// Adds the file at `path`, block by block.
    ///
    /// - Throws: ``ArchiveError/Code/inputOutput`` also when the file cannot be read or becomes shorter meanwhile.
    package mutating func add(contentsOf path: String, named name: String) throws(ArchiveError) {
        var file = try BlockReader(path)
        try self.begin(name, byteCount: file.byteCount)
        while let block = try file.next() { try self.append(block) }
    }

    /// Writes the directory of the archive and closes its file.
    package consuming func finish() throws(ArchiveError) {
        try unsafe self.check(archive_write_close(self.archive), "archive_write_close")
    }

    /// libarchive 3.6 keeps its directory in blocks of 64 KiB and writes over the end of one for a longer name (seen with
    /// valgrind); no system has names of half of that.
    private static let longestName = 32_767

    private func begin(_ name: String, byteCount: Int64) throws(ArchiveError) {
        guard name.utf8.count <= Self.longestName else {
            throw ArchiveError(
                .invalidData, "\(self.path): a name has more than \(Self.longestName) bytes", from: "limit")
        }
        guard let entry = unsafe archive_entry_new() else {
            throw ArchiveError(.outOfMemory, "memory ran out", from: "archive_entry_new")
        }
        defer { unsafe archive_entry_free(entry) }
        // Without a time, which libarchive would write as the local one, every entry is of 1980-01-01.
        unsafe archive_entry_set_pathname_utf8(entry, name)
        unsafe archive_entry_set_size(entry, byteCount)
        unsafe archive_entry_set_filetype(entry, carchive_regular_file)
        unsafe archive_entry_set_perm(entry, 0o644)
        try unsafe self.check(archive_write_header(self.archive, entry), "archive_write_header")
    }

    private func append(_ bytes: [UInt8]) throws(ArchiveError) {
        guard !bytes.isEmpty else { return }
        let count = unsafe bytes.withUnsafeBytes { unsafe archive_write_data(self.archive, $0.baseAddress, $0.count) }
        guard count == bytes.count else {
            throw unsafe ArchiveError.last(
                of: self.archive, from: "archive_write_data", path: self.path, otherwise: .inputOutput)
        }
    }

    private func check(_ status: Int32, _ call: String) throws(ArchiveError) {
        guard status < ARCHIVE_WARN else { return }
        throw unsafe ArchiveError.last(of: self.archive, from: call, path: self.path, otherwise: .inputOutput)
    }
}
