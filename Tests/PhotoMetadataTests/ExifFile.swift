/// Builds EXIF blocks and the picture files around them, byte by byte.
struct ExifFile {
    enum Value {
        case text([UInt8])
        case short(Int)
        case byte(Int)
        case fractions([(UInt32, UInt32)])
        /// An entry as it stands: its type, its count and the four bytes behind.
        case raw(type: Int, count: UInt32, value: UInt32)

        static func text(_ text: String) -> Value { .text(Array(text.utf8) + [0]) }
    }

    var isLittle = false
    var first: [(tag: Int, value: Value)] = []
    var exif: [(tag: Int, value: Value)] = []
    var gps: [(tag: Int, value: Value)] = []

    /// The block from its TIFF header on.
    var block: [UInt8] {
        var first = self.first
        if !self.exif.isEmpty { first.append((0x8769, .raw(type: 4, count: 1, value: 0))) }
        if !self.gps.isEmpty { first.append((0x8825, .raw(type: 4, count: 1, value: 0))) }
        // Twice: only with the length of one directory known the next one's place is.
        let exifStart = 8 + self.directory(first, at: 8).count
        let gpsStart = exifStart + (self.exif.isEmpty ? 0 : self.directory(self.exif, at: exifStart).count)
        first = first.map { entry in
            switch entry.tag {
            case 0x8769: (entry.tag, .raw(type: 4, count: 1, value: UInt32(exifStart)))
            case 0x8825: (entry.tag, .raw(type: 4, count: 1, value: UInt32(gpsStart)))
            default: entry
            }
        }
        let header = (self.isLittle ? [0x49, 0x49, 42, 0] : [0x4D, 0x4D, 0, 42]) + self.number(8, 4)
        return header + self.directory(first, at: 8)
            + (self.exif.isEmpty ? [] : self.directory(self.exif, at: exifStart))
            + (self.gps.isEmpty ? [] : self.directory(self.gps, at: gpsStart))
    }

    /// An empty picture with the block: its header, APP1 and the end.
    var jpeg: [UInt8] { Self.jpeg(self.block) }

    static func jpeg(_ block: [UInt8]) -> [UInt8] {
        let body = Array("Exif".utf8) + [0, 0] + block
        return [0xFF, 0xD8, 0xFF, 0xE1, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 0xFF)] + body + [
            0xFF, 0xD9,
        ]
    }

    static func png(_ block: [UInt8]) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + self.big(block.count) + Array("eXIf".utf8) + block
            + [0, 0, 0, 0]
    }

    static func webp(_ block: [UInt8]) -> [UInt8] {
        Array("RIFF".utf8) + self.big(block.count + 12).reversed() + Array("WEBPEXIF".utf8)
            + self.big(block.count).reversed() + block
    }

    private static func big(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 0xFF) } }

    private func directory(_ entries: [(tag: Int, value: Value)], at start: Int) -> [UInt8] {
        var table = self.number(entries.count, 2)
        var data: [UInt8] = []
        let dataStart = start + 2 + 12 * entries.count + 4
        for entry in entries {
            let (type, count, bytes) = self.encoded(entry.value)
            table += self.number(entry.tag, 2) + self.number(type, 2) + self.number(count, 4)
            if bytes.count <= 4 {
                table += bytes + [UInt8](repeating: 0, count: 4 - bytes.count)
            } else {
                table += self.number(dataStart + data.count, 4)
                data += bytes + (bytes.count % 2 == 0 ? [] : [0])
            }
        }
        return table + [0, 0, 0, 0] + data
    }

    private func encoded(_ value: Value) -> (type: Int, count: Int, bytes: [UInt8]) {
        switch value {
        case .text(let bytes): (2, bytes.count, bytes)
        case .short(let number): (3, 1, self.number(number, 2))
        case .byte(let number): (1, 1, [UInt8(number)])
        case .fractions(let list):
            (5, list.count, list.flatMap { self.number(Int($0.0), 4) + self.number(Int($0.1), 4) })
        case .raw(let type, let count, let value): (type, Int(count), self.number(Int(value), 4))
        }
    }

    private func number(_ value: Int, _ count: Int) -> [UInt8] {
        let bytes = (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) }
        return self.isLittle ? bytes : bytes.reversed()
    }
}
