/// Builds grey PNG pictures byte by byte, with stored (not compressed) rows.
enum PNGFile {
    static func grey(width: Int, height: Int, level: UInt8) throws -> [UInt8] {
        let header = self.big(width) + self.big(height) + [8, 0, 0, 0, 0]
        let row: [UInt8] = [0] + [UInt8](repeating: level, count: width)
        let rows: [UInt8] = (0..<height).flatMap { _ in row }
        let count = rows.count
        let block: [UInt8] = [
            0x78, 0x01, 0x01, UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8 & 0xFF),
        ]
        let data = block + rows + self.big(self.adler(rows))
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + self.chunk("IHDR", header) + self.chunk("IDAT", data)
            + self.chunk("IEND", [])
    }

    private static func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
        let content = Array(kind.utf8) + body
        return self.big(body.count) + content + self.big(self.crc(content))
    }

    private static func big(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 0xFF) } }

    /// PNG, annex D.
    private static func crc(_ bytes: [UInt8]) -> Int {
        let sum = bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
        }
        return Int(~sum)
    }

    /// RFC 1950, section 8.2.
    private static func adler(_ bytes: [UInt8]) -> Int {
        let (low, high) = bytes.reduce((1, 0)) { sums, byte in
            let low = (sums.0 + Int(byte)) % 65_521
            return (low, (sums.1 + low) % 65_521)
        }
        return high << 16 | low
    }
}
