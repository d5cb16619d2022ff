/// Where the Exif block, a small TIFF file, lies in a picture's file.
enum ExifBlock: Hashable {
    /// From the TIFF header on.
    case bytes(ArraySlice<UInt8>)
    /// The file ends within the block.
    case cut

    /// The first block of a JPEG, PNG or WebP; `nil` when there is none, and for other files.
    static func first(in file: [UInt8]) -> ExifBlock? {
        if file.starts(with: [0xFF, 0xD8]) { return Self.ofJPEG(file) }
        if file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return Self.ofPNG(file) }
        if file.starts(with: "RIFF".utf8), file.dropFirst(8).starts(with: "WEBP".utf8) { return Self.ofWebP(file) }
        return nil
    }

    private static let header: [UInt8] = Array("Exif".utf8) + [0, 0]

    /// The segment APP1 that begins with "Exif", before the picture's data (CIPA DC-008 (Exif 2.32) 4.7.2).
    private static func ofJPEG(_ file: [UInt8]) -> ExifBlock? {
        var position = 2
        while position + 1 < file.count, file[position] == 0xFF {
            let marker = file[position + 1]
            switch marker {
            case 0xFF: position += 1  // A fill byte.
            case 0x01, 0xD0...0xD8: position += 2  // Markers without a length.
            case 0xD9, 0xDA: return nil  // The end, and the picture's data.
            default:
                guard let length = file.bigEndian16(at: position + 2), length >= 2 else { return nil }
                let start = position + 4
                if marker == 0xE1, file.dropFirst(start).starts(with: Self.header) {
                    return Self.part(of: file, from: start, length: length - 2)
                }
                position += 2 + length
            }
        }
        return nil
    }

    /// The chunk eXIf (PNG, third edition, 11.3.4.5), before or after the picture's data.
    private static func ofPNG(_ file: [UInt8]) -> ExifBlock? {
        var position = 8
        while let length = file.bigEndian32(at: position), position + 8 <= file.count {
            let type = file[(position + 4)..<(position + 8)]
            if type.elementsEqual("eXIf".utf8) { return Self.part(of: file, from: position + 8, length: length) }
            if type.elementsEqual("IEND".utf8) { return nil }
            position += 12 + length
        }
        return nil
    }

    /// The chunk EXIF (RFC 9649, 2.7.1.5); chunks have an even length.
    private static func ofWebP(_ file: [UInt8]) -> ExifBlock? {
        var position = 12
        while let length = file.littleEndian32(at: position + 4) {
            let type = file[position..<(position + 4)]
            if type.elementsEqual("EXIF".utf8) { return Self.part(of: file, from: position + 8, length: length) }
            position += 8 + length + length % 2
        }
        return nil
    }

    /// Some programs write JPEG's "Exif" header into other files, too.
    private static func part(of file: [UInt8], from start: Int, length: Int) -> ExifBlock {
        guard start + length <= file.count else { return .cut }
        let bytes = file[start..<(start + length)]
        return .bytes(bytes.starts(with: Self.header) ? bytes.dropFirst(Self.header.count) : bytes)
    }
}

extension Array<UInt8> {
    /// `nil` when the number is not all within the array; so for the others.
    func bigEndian16(at position: Int) -> Int? {
        guard position >= 0, position + 2 <= self.count else { return nil }
        return Int(self[position]) << 8 | Int(self[position + 1])
    }

    func bigEndian32(at position: Int) -> Int? {
        guard let high = self.bigEndian16(at: position), let low = self.bigEndian16(at: position + 2) else {
            return nil
        }
        return high << 16 | low
    }

    func littleEndian16(at position: Int) -> Int? { self.bigEndian16(at: position).map { $0 >> 8 | ($0 & 0xFF) << 8 } }

    func littleEndian32(at position: Int) -> Int? {
        guard let low = self.littleEndian16(at: position), let high = self.littleEndian16(at: position + 2) else {
            return nil
        }
        return high << 16 | low
    }
}
