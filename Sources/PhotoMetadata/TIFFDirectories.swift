/// The directories of an Exif block (CIPA DC-008 (Exif 2.32) 4.6.2), checked before libexif reads the values.
///
/// libexif drops entries that lie outside of the block without a word, copies the value of every entry, and interprets
/// what makers note in formats of their own. So ``tags`` holds what is there, and ``bytes`` is the block with every
/// entry blanked that is not read.
struct TIFFDirectories {
    private(set) var bytes: [UInt8]
    /// What the directories name, whatever the values are.
    private(set) var tags: Set<ExifTag> = []
    /// Whether each directory lies within the block and is named once.
    private(set) var isIntact = true
    private let isLittleEndian: Bool
    private var positions: Set<Int> = []

    /// Bytes of a block that libexif reads, and one more than a JPEG can hold. What lies behind them in a PNG or WebP
    /// counts as outside of the block.
    private static let largestBlock = 0xFFFE - 6
    private static let entrySize = 12

    /// `nil` when the block does not begin as a TIFF file, or its first directory is not all there.
    init?(_ block: ArraySlice<UInt8>) {
        if block.starts(with: [0x49, 0x49, 42, 0]) {
            self.isLittleEndian = true
        } else if block.starts(with: [0x4D, 0x4D, 0, 42]) {
            self.isLittleEndian = false
        } else {
            return nil
        }
        self.bytes = Array(block.prefix(Self.largestBlock))
        guard let first = self.number32(at: 4), self.read(.image, at: first) else { return nil }
    }

    private func number16(at position: Int) -> Int? {
        self.isLittleEndian ? self.bytes.littleEndian16(at: position) : self.bytes.bigEndian16(at: position)
    }

    private func number32(at position: Int) -> Int? {
        self.isLittleEndian ? self.bytes.littleEndian32(at: position) : self.bytes.bigEndian32(at: position)
    }

    /// - Returns: whether the directory is all there.
    private mutating func read(_ directory: ExifTag.Directory, at position: Int) -> Bool {
        guard position >= 8, self.positions.insert(position).inserted, let count = self.number16(at: position) else {
            return false
        }
        let end = position + 2 + count * Self.entrySize
        guard end <= self.bytes.count else { return false }
        var pointers: [(entry: Int, directory: ExifTag.Directory)] = []
        for entry in stride(from: position + 2, to: end, by: Self.entrySize) {
            guard let number = self.number16(at: entry).map(UInt16.init(truncatingIfNeeded:)) else { continue }
            if directory == .image, let other = ExifTag.Directory(rawValue: number), other != .image {
                pointers.append((entry, other))
            } else if let tag = ExifTag(rawValue: number), tag.directory == directory {
                // libexif, too, believes the first of two.
                self.tags.insert(tag)
            } else {
                self.blank(entry, count: Self.entrySize)
            }
        }
        // The next directory is of the thumbnail. Some programs let the values of the other two follow at once.
        if directory == .image { self.blank(end, count: min(4, self.bytes.count - end)) }
        for pointer in pointers { self.follow(pointer.directory, from: pointer.entry) }
        return true
    }

    private mutating func follow(_ directory: ExifTag.Directory, from entry: Int) {
        guard let position = self.number32(at: entry + 8), self.read(directory, at: position) else {
            self.isIntact = false
            self.blank(entry, count: Self.entrySize)
            return
        }
    }

    private mutating func blank(_ position: Int, count: Int) {
        for position in position..<(position + count) { self.bytes[position] = 0 }
    }
}
