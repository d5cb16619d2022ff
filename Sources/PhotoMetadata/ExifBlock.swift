/// Finds the EXIF of a picture file: the TIFF header and what follows it.
///
/// Sources: JPEG's APP1 is CIPA DC-008-2019, 4.7.2; PNG's `eXIf` is <https://www.w3.org/TR/png-3/#eXIf>; WebP's `EXIF` is
/// RFC 9649, 2.7.1.5.
enum ExifBlock {
    private static let mark = Array("Exif".utf8) + [0, 0]

    /// The block without `Exif\0\0`; `nil` when the file has none.
    static func find(in file: [UInt8]) -> ArraySlice<UInt8>? {
        let block: ArraySlice<UInt8>? =
            if file.starts(with: [0xFF, 0xD8]) {
                self.inJPEG(file)
            } else if file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
                self.inPNG(file)
            } else if file.starts(with: Array("RIFF".utf8)), file.dropFirst(8).starts(with: Array("WEBP".utf8)) {
                self.inWebP(file)
            } else {
                nil
            }
        guard let block else { return nil }
        return block.starts(with: self.mark) ? block.dropFirst(self.mark.count) : block
    }

    private static func inJPEG(_ file: [UInt8]) -> ArraySlice<UInt8>? {
        var place = 2
        while place + 4 <= file.count, file[place] == 0xFF {
            let marker = file[place + 1]
            // Fill bytes, and markers without a segment.
            if marker == 0xFF { place += 1; continue }
            if marker == 0x01 || (0xD0...0xD8).contains(marker) { place += 2; continue }
            // The picture begins: nothing of this kind comes after it.
            if marker == 0xDA || marker == 0xD9 { return nil }
            let length = Int(file[place + 2]) << 8 | Int(file[place + 3])
            guard length >= 2 else { return nil }
            let body = file[(place + 4)..<max(place + 4, min(place + 2 + length, file.count))]
            if marker == 0xE1, body.starts(with: self.mark) { return body }
            place += 2 + length
        }
        return nil
    }

    private static func inPNG(_ file: [UInt8]) -> ArraySlice<UInt8>? {
        var place = 8
        while place + 8 <= file.count {
            let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            let body = file[(place + 8)..<min(place + 8 + length, file.count)]
            if file[(place + 4)..<(place + 8)].elementsEqual("eXIf".utf8) { return body }
            place += 12 + length
        }
        return nil
    }

    private static func inWebP(_ file: [UInt8]) -> ArraySlice<UInt8>? {
        var place = 12
        while place + 8 <= file.count {
            let length = file[(place + 4)..<(place + 8)].reversed().reduce(0) { $0 << 8 | Int($1) }
            let body = file[(place + 8)..<min(place + 8 + length, file.count)]
            if file[place..<place + 4].elementsEqual("EXIF".utf8) { return body }
            place += 8 + length + length % 2
        }
        return nil
    }
}
