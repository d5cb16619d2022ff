import Glibc

/// The names in the directory at the end of a zip, byte by byte as they stand there: libarchive gives names in one of
/// Unicode's normal forms, and none where it cannot tell the character set.
///
/// Source: APPNOTE.TXT 6.3.10 of PKWARE, sections 4.3.12 to 4.3.16, 4.5.3 and 4.6.9.
struct ZipDirectory {
    struct Name {
        let bytes: [UInt8]
        /// Where the file's own header lies in the archive.
        fileprivate let offset: UInt64
    }

    /// In the order of the files in the archive, which is libarchive's; files at one place count once.
    let names: [Name]

    /// Bytes of a directory that is read, at most.
    private static let limit = 256 << 20
    /// The longest end of an archive: its record and a comment.
    private static let longestEnd = 22 + 65_535

    /// - Returns: `nil` for an archive whose directory cannot be understood.
    init?(path: String) {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let byteCount = Int(lseek(file, 0, SEEK_END))
        let endStart = max(0, byteCount - Self.longestEnd)
        guard let end = Self.read(file, at: endStart, byteCount - endStart),
            let record = Self.lastRecord(in: end), let place = Self.place(of: record, in: end, from: endStart, file),
            place.count <= Self.limit
        else { return nil }
        // Whatever stands in front of the archive moves everything behind it.
        let starts = [place.start, place.end - place.count]
        guard
            let bytes = starts.lazy.compactMap({ Self.read(file, at: $0, place.count) }).first(where: Self.isDirectory)
        else { return nil }
        var names: [Name] = []
        var rest = bytes[...]
        while let (name, length) = Self.name(rest) {
            names.append(name)
            rest = rest.dropFirst(length)
        }
        var seen = Set<UInt64>()
        self.names = names.filter { seen.insert($0.offset).inserted }.sorted { $0.offset < $1.offset }
    }

    private static func isDirectory(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4B, 1, 2]) }

    private static func lastRecord(in end: [UInt8]) -> Int? {
        guard end.count >= 22 else { return nil }
        return stride(from: end.count - 22, through: 0, by: -1).first { end[$0...].starts(with: [0x50, 0x4B, 5, 6]) }
    }

    /// Where the directory should be: its start, its length and the first byte behind it.
    private static func place(
        of record: Int, in end: [UInt8], from endStart: Int, _ file: Int32
    ) -> (start: Int, count: Int, end: Int)? {
        let (count, start) = (Self.number(end[...], record + 12, 4), Self.number(end[...], record + 16, 4))
        let locator = record - 20
        guard locator >= 0, end[locator...].starts(with: [0x50, 0x4B, 6, 7]) else {
            return (Int(start), Int(count), endStart + record)
        }
        guard let offset = Int(exactly: Self.number(end[...], locator + 8, 8)),
            let large = Self.read(file, at: offset, 56), large.starts(with: [0x50, 0x4B, 6, 6]),
            let count = Int(exactly: Self.number(large[...], 40, 8)),
            let start = Int(exactly: Self.number(large[...], 48, 8))
        else { return nil }
        return (start, count, offset)
    }

    /// The first entry's name and the entry's length.
    private static func name(_ entry: ArraySlice<UInt8>) -> (Name, Int)? {
        guard entry.count >= 46, entry.starts(with: [0x50, 0x4B, 1, 2]) else { return nil }
        let (nameLength, extraLength) = (Int(Self.number(entry, 28, 2)), Int(Self.number(entry, 30, 2)))
        let length = 46 + nameLength + extraLength + Int(Self.number(entry, 32, 2))
        guard length <= entry.count else { return nil }
        let name = [UInt8](entry.dropFirst(46).prefix(nameLength))
        let extra = Self.fields(entry.dropFirst(46 + nameLength).prefix(extraLength))
        var offset = Self.number(entry, 42, 4)
        if offset == 0xFFFF_FFFF, let large = extra[1] {
            // Only what does not fit into the entry is here: two sizes before the offset.
            let before = [20, 24].count { Self.number(entry, $0, 4) == 0xFFFF_FFFF } * 8
            if large.count >= before + 8 { offset = Self.number(large, before, 8) }
        }
        // Info-ZIP's name in UTF-8, behind a version and a checksum of the other name.
        let unicode = extra[0x7075].map { [UInt8]($0.dropFirst(5)) } ?? []
        return (Name(bytes: unicode.isEmpty ? name : unicode, offset: offset), length)
    }

    private static func fields(_ extra: ArraySlice<UInt8>) -> [UInt64: ArraySlice<UInt8>] {
        var fields: [UInt64: ArraySlice<UInt8>] = [:]
        var rest = extra
        while rest.count >= 4 {
            let length = Int(Self.number(rest, 2, 2))
            fields[Self.number(rest, 0, 2)] = rest.dropFirst(4).prefix(length)
            rest = rest.dropFirst(4 + length)
        }
        return fields
    }

    private static func number(_ bytes: ArraySlice<UInt8>, _ offset: Int, _ count: Int) -> UInt64 {
        bytes.dropFirst(offset).prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func read(_ file: Int32, at offset: Int, _ count: Int) -> [UInt8]? {
        guard offset >= 0, count > 0, count <= Self.limit else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let read = unsafe bytes.withUnsafeMutableBytes {
                unsafe pread(file, $0.baseAddress.map { unsafe $0 + done }, count - done, off_t(offset + done))
            }
            guard read > 0 else { return nil }
            done += read
        }
        return bytes
    }
}
