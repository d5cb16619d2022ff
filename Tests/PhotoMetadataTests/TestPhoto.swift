@testable import PhotoMetadata

/// A photo without a picture: the tags of its Exif block, and the files that hold it.
struct TestPhoto {
    enum Value {
        case ascii(String)
        case bytes([UInt8])
        case short(UInt16)
        case long(UInt32)
        case rationals([(UInt32, UInt32)])
        case signedRational(Int32, Int32)
        /// An entry as it stands, of a value that is not in the block; see TIFF 6.0, section 2.
        case entry(format: UInt16, count: UInt32, value: UInt32)
    }

    var tags: [ExifTag: Value]
    var isLittleEndian = true

    init(_ tags: [ExifTag: Value], isLittleEndian: Bool = true) {
        self.tags = tags
        self.isLittleEndian = isLittleEndian
    }

    /// What is read of the photo as a JPEG.
    var metadata: PhotoMetadata { PhotoMetadata(ofImage: TestPhoto.jpeg(self.tiff)) }

    /// From the TIFF header on: the directories, then the values that do not fit into them.
    var tiff: [UInt8] {
        let groups = [ExifTag.Directory.image, .exif, .gps].map { directory in
            (directory, self.tags.filter { $0.key.directory == directory }.sorted { $0.key.rawValue < $1.key.rawValue })
        }
        let others = groups.dropFirst().filter { !$0.1.isEmpty }
        let counts = [groups[0].1.count + others.count] + others.map(\.1.count)
        var starts = [8]
        for count in counts { starts.append(starts[starts.count - 1] + 2 + 12 * count + 4) }

        var directories: [UInt8] = []
        var values: [UInt8] = []
        for (index, group) in ([groups[0]] + others).enumerated() {
            directories += self.two(UInt16(counts[index]))
            for (tag, value) in group.1 {
                directories += self.entry(tag.rawValue, value, values: &values, at: starts[starts.count - 1])
            }
            if index == 0 {
                for (other, start) in zip(others, starts.dropFirst()) {
                    let pointer = Value.entry(format: 4, count: 1, value: UInt32(start))
                    directories += self.entry(other.0.rawValue, pointer, values: &values, at: 0)
                }
            }
            directories += self.four(0)
        }
        return Array((self.isLittleEndian ? "II" : "MM").utf8) + self.two(42) + self.four(8) + directories + values
    }

    private func entry(_ tag: UInt16, _ value: Value, values: inout [UInt8], at start: Int) -> [UInt8] {
        let (format, count, bytes): (UInt16, Int, [UInt8])
        switch value {
        case .ascii(let text): (format, count, bytes) = (2, text.utf8.count + 1, Array(text.utf8) + [0])
        case .bytes(let list): (format, count, bytes) = (1, list.count, list)
        case .short(let number): (format, count, bytes) = (3, 1, self.two(number))
        case .long(let number): (format, count, bytes) = (4, 1, self.four(number))
        case .rationals(let list):
            (format, count, bytes) = (5, list.count, list.flatMap { self.four($0.0) + self.four($0.1) })
        case .signedRational(let numerator, let denominator):
            let parts = [numerator, denominator].map(UInt32.init(bitPattern:))
            (format, count, bytes) = (10, 1, parts.flatMap(self.four))
        case .entry(let format, let count, let value):
            return self.two(tag) + self.two(format) + self.four(count) + self.four(value)
        }
        let head = self.two(tag) + self.two(format) + self.four(UInt32(count))
        if bytes.count <= 4 { return head + bytes + Array(repeating: 0, count: 4 - bytes.count) }
        defer { values += bytes }
        return head + self.four(UInt32(start + values.count))
    }

    private func two(_ number: UInt16) -> [UInt8] {
        let bytes = [UInt8(number >> 8), UInt8(number & 0xFF)]
        return self.isLittleEndian ? bytes.reversed() : bytes
    }

    private func four(_ number: UInt32) -> [UInt8] {
        let halves = [UInt16(number >> 16), UInt16(number & 0xFFFF)]
        return (self.isLittleEndian ? halves.reversed() : halves).flatMap(self.two)
    }
}

extension TestPhoto {
    static let marker: [UInt8] = Array("Exif".utf8) + [0, 0]
    /// Of a camera that says everything.
    static let full = TestPhoto([
        .make: .ascii("RECONYX"), .model: .ascii("HYPERFIRE 2"), .orientation: .short(6),
        .dateTimeOriginal: .ascii("2026:07:14 23:59:59"), .subSecTimeOriginal: .ascii("07  "),
        .offsetTimeOriginal: .ascii("+02:00"), .bodySerialNumber: .ascii("0012345"), .fNumber: .rationals([(28, 10)]),
        .exposureTime: .rationals([(1, 125)]), .isoSpeedRatings: .short(400), .flash: .short(16),
        .latitudeReference: .ascii("N"), .latitude: .rationals([(47, 1), (30, 1), (0, 1)]),
        .longitudeReference: .ascii("E"), .longitude: .rationals([(11, 1), (15, 1), (0, 1)]),
        .altitudeReference: .bytes([0]), .altitude: .rationals([(8125, 10)]),
    ])

    /// A JPEG of two segments and no picture, `tiff` in the second one.
    static func jpeg(_ tiff: [UInt8]) -> [UInt8] {
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2] + self.segment(self.marker + tiff) + [0xFF, 0xDA, 0, 2, 0xFF, 0xD9]
    }

    static func segment(_ payload: [UInt8]) -> [UInt8] {
        let length = payload.count + 2
        return [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + payload
    }

    static func png(_ tiff: [UInt8]) -> [UInt8] {
        func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
            self.length(bytes.count).reversed() + Array(name.utf8) + bytes + [0, 0, 0, 0]
        }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", Array(repeating: 1, count: 13))
            + chunk("IDAT", [1, 2, 3]) + chunk("eXIf", tiff) + chunk("IEND", [])
    }

    static func webp(_ tiff: [UInt8]) -> [UInt8] {
        func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
            Array(name.utf8) + self.length(bytes.count) + bytes + Array(repeating: 0, count: bytes.count % 2)
        }
        let chunks = chunk("VP8X", Array(repeating: 0, count: 10)) + chunk("VP8 ", [1, 2, 3]) + chunk("EXIF", tiff)
        return Array("RIFF".utf8) + self.length(chunks.count + 4) + Array("WEBP".utf8) + chunks
    }

    /// Little-endian.
    private static func length(_ count: Int) -> [UInt8] { [0, 8, 16, 24].map { UInt8(count >> $0 & 0xFF) } }
}
