internal import FoundationEssentials
internal import SystemPackage

/// What a run has done so far, on disk: a line for the batch, one before and one after
/// photos are decoded, one for each result. A
/// program that dies loses no finished photo, and it shows which one it died of.
///
/// JSON Lines. Every method blocks; used by one thread at a time.
final class Journal {
    /// What must be the same for a run to be resumed.
    struct Header: Codable, Hashable {
        /// Of the model, its labels and thresholds, as JSON.
        let annotator: String
        /// Digest of the list of photos.
        let photos: String
        let imagesIncluded: String
    }

    private struct Line: Codable {
        var header: Header?
        /// Numbers of photos that are decoded from here on.
        var started: [Int]?
        /// Numbers of photos whose decoding has come to an end, good or bad.
        var decoded: [Int]?
        var result: PhotoResult?
    }

    private let file: FileDescriptor
    private let path: String
    /// Where the line of a photo's result is.
    private var places: [Int: (offset: Int64, byteCount: Int)] = [:]
    /// How often the program died while it decoded a photo alone.
    private(set) var startCounts: [Int: Int] = [:]
    /// Photos during whose decoding the program died.
    private(set) var unfinished: Set<Int> = []
    /// Of the results, those that tell a failure.
    private(set) var failureCount = 0
    private var end: Int64 = 0

    deinit { try? self.file.close() }  // All lines are written already.

    private init(_ file: FileDescriptor, path: String) {
        self.file = file
        self.path = path
    }

    /// Begins a journal, in place of what is at `path`.
    static func begin(at path: String, _ header: Header) throws -> Journal {
        let file = try unsafe FileDescriptor.open(
            path, .readWrite, options: [.create, .truncate, .closeOnExec], permissions: [.ownerReadWrite])
        let journal = Journal(file, path: path)
        try journal.append(Line(header: header))
        return journal
    }

    /// Opens the journal of an earlier run. A line that was cut off when the program died is removed.
    ///
    /// - Parameter isAfterCrash: whether the photos that were being decoded may be why the run ended; a person or a
    ///   power cut is no reason to doubt them.
    /// - Throws: ``BatchError`` when the earlier run was about something else.
    static func resume(at path: String, _ header: Header, isAfterCrash: Bool) throws -> Journal {
        let file = try unsafe FileDescriptor.open(path, .readWrite, options: [.closeOnExec])
        let journal = Journal(file, path: path)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        for range in Self.lines(of: bytes) {
            guard let line = try? JSONDecoder().decode(Line.self, from: Data(bytes[range])) else { break }  // Cut off.
            if let found = line.header { try Self.check(found, header) }
            journal.note(line, offset: Int64(range.lowerBound), byteCount: range.count)
            journal.end = Int64(range.upperBound) + 1
        }
        guard journal.end > 0 else { return try self.begin(at: path, header) }
        try file.resize(to: journal.end)
        if !isAfterCrash { try journal.end(journal.unfinished.sorted()) }
        return journal
    }

    func has(_ photo: Int) -> Bool { self.places[photo] != nil }

    var resultCount: Int { self.places.count }

    /// Notes that these photos are about to be decoded.
    func start(_ photos: [Int]) throws { try self.append(Line(started: photos)) }

    /// Notes that these photos did no harm.
    func end(_ photos: [Int]) throws { try self.append(Line(decoded: photos)) }

    func add(_ result: PhotoResult) throws { try self.append(Line(result: result)) }

    /// The result of a photo that has one.
    func result(of photo: Int) throws -> PhotoResult {
        guard let place = self.places[photo] else { throw BatchError("\(self.path) has no result of photo \(photo).") }
        var bytes = [UInt8](repeating: 0, count: place.byteCount)
        let count = try unsafe bytes.withUnsafeMutableBytes {
            try unsafe self.file.read(fromAbsoluteOffset: place.offset, into: $0)
        }
        guard count == place.byteCount, let result = try JSONDecoder().decode(Line.self, from: Data(bytes)).result
        else { throw BatchError("\(self.path) was changed while it was in use.") }
        return result
    }

    private func append(_ line: Line) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = [UInt8](try encoder.encode(line))
        try self.file.writeAll(toAbsoluteOffset: self.end, bytes + [0x0A])
        self.note(line, offset: self.end, byteCount: bytes.count)
        self.end += Int64(bytes.count) + 1
    }

    private func note(_ line: Line, offset: Int64, byteCount: Int) {
        if let started = line.started {
            self.unfinished.formUnion(started)
            if started.count == 1, let photo = started.first { self.startCounts[photo, default: 0] += 1 }
        }
        for photo in line.decoded ?? [] {
            self.unfinished.remove(photo)
            self.startCounts[photo] = nil
        }
        guard let result = line.result else { return }
        self.places[result.photo.number] = (offset, byteCount)
        if result.failure != nil { self.failureCount += 1 }
    }

    /// Of those lines that are complete, without their ends.
    private static func lines(of bytes: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            ranges.append(start..<end)
            start = end + 1
        }
        return ranges
    }

    private static func check(_ found: Header, _ wanted: Header) throws(BatchError) {
        guard found.annotator == wanted.annotator, found.imagesIncluded == wanted.imagesIncluded else {
            throw BatchError(
                "The earlier run used another model, labels, confidence or --include-images; --force begins anew.")
        }
        guard found.photos == wanted.photos else {
            throw BatchError("The photos are not those of the earlier run; --force begins anew.")
        }
    }
}
