/// Which fields an EXIF block has, whatever their values are, and whether its directories are sound. A field that is
/// listed here and cannot be read is broken; one that is not listed is merely absent.
///
/// Source: TIFF 6.0, section 2.
struct ExifTags {
    /// EXIF's directories.
    enum Directory: Hashable {
        case first, exif, gps
    }

    private(set) var tags: [Directory: Set<Int>] = [:]
    /// Whether a directory is cut off, lies outside the block, or is its own successor.
    private(set) var isDamaged = false

    private let block: [UInt8]
    private let isLittle: Bool
    private var visited: Set<Int> = []

    /// - Parameter block: from its TIFF header on.
    init(_ block: ArraySlice<UInt8>) {
        self.block = Array(block)
        self.isLittle = block.starts(with: [0x49, 0x49, 42, 0])
        guard self.isLittle || block.starts(with: [0x4D, 0x4D, 0, 42]), let first = self.number(at: 4, 4) else {
            self.isDamaged = true
            return
        }
        self.read(.first, at: first)
    }

    /// Entries of a directory that are looked at; cameras write some dozens.
    private static let entryLimit = 1000

    private mutating func read(_ directory: Directory, at offset: Int) {
        guard self.visited.insert(offset).inserted, let count = self.number(at: offset, 2), count <= Self.entryLimit
        else {
            self.isDamaged = true
            return
        }
        for entry in 0..<count {
            let place = offset + 2 + 12 * entry
            guard let tag = self.number(at: place, 2), let value = self.number(at: place + 8, 4) else {
                self.isDamaged = true
                return
            }
            self.tags[directory, default: []].insert(tag)
            if directory == .first, tag == 0x8769 { self.read(.exif, at: value) }
            if directory == .first, tag == 0x8825 { self.read(.gps, at: value) }
        }
        let next = self.number(at: offset + 2 + 12 * count, 4)
        // A thumbnail's directory follows the first; some cameras leave the offset out.
        if let next, next != 0, self.visited.contains(next) { self.isDamaged = true }
    }

    private func number(at place: Int, _ count: Int) -> Int? {
        guard place >= 0, place + count <= self.block.count else { return nil }
        let bytes = self.block[place..<place + count]
        return self.isLittle
            ? bytes.reversed().reduce(0) { $0 << 8 | Int($1) } : bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
