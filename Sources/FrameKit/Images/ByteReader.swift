/// Reads numbers from bytes that may end anywhere: what is not there is `nil`.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    /// Index in the array that the bytes belong to.
    private(set) var position: Int

    init(_ bytes: ArraySlice<UInt8>, at offset: Int = 0) {
        self.bytes = bytes
        self.position = bytes.startIndex + min(offset, bytes.count)
    }

    init(_ bytes: [UInt8], at offset: Int = 0) { self.init(bytes[...], at: offset) }

    private var remaining: Int { self.bytes.endIndex - self.position }

    mutating func byte() -> UInt8? { self.slice(1)?.first }

    /// The next bytes, all of them or none.
    mutating func slice(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= self.remaining else { return nil }
        defer { self.position += count }
        return self.bytes[self.position..<self.position + count]
    }

    /// The next bytes, as many as there are; stays where it is.
    func rest(upTo count: Int) -> ArraySlice<UInt8> { self.bytes[self.position...].prefix(max(0, count)) }

    /// Whether there were as many bytes.
    mutating func skip(_ count: Int) -> Bool { self.slice(count) != nil }

    /// A number of at most seven bytes, the most significant one first.
    mutating func big(_ count: Int) -> Int? { self.slice(count).map { $0.reduce(0) { $0 << 8 | Int($1) } } }

    /// A number of at most seven bytes, the least significant one first.
    mutating func little(_ count: Int) -> Int? {
        self.slice(count).map { $0.reversed().reduce(0) { $0 << 8 | Int($1) } }
    }

    mutating func text(_ count: Int) -> String? { self.slice(count).map { String(decoding: $0, as: UTF8.self) } }
}

/// EXIF 2.3 (CIPA DC-008), of which pictures need one number.
enum EXIF {
    /// The value of the tag 0x0112, 1 … 8: where the stored picture's first row and column are shown.
    ///
    /// - Parameter bytes: a TIFF header and its first directory, with or without `Exif\0\0` in front.
    static func orientation(in bytes: ArraySlice<UInt8>) -> Int? {
        let name = Array("Exif".utf8) + [0, 0]
        let tiff = bytes.starts(with: name) ? bytes.dropFirst(name.count) : bytes
        let isLittle = tiff.starts(with: [0x49, 0x49, 42, 0])
        guard isLittle || tiff.starts(with: [0x4D, 0x4D, 0, 42]) else { return nil }
        func number(_ reader: inout ByteReader, _ count: Int) -> Int? {
            isLittle ? reader.little(count) : reader.big(count)
        }
        var header = ByteReader(tiff, at: 4)
        guard let offset = number(&header, 4) else { return nil }
        var directory = ByteReader(tiff, at: offset)
        guard let count = number(&directory, 2) else { return nil }
        for _ in 0..<count {
            guard let tag = number(&directory, 2), directory.skip(6), let body = directory.slice(4) else { return nil }
            guard tag == 0x0112 else { continue }
            var value = ByteReader(body)
            return number(&value, 2).flatMap { (1...8).contains($0) ? $0 : nil }
        }
        return nil
    }
}

extension PictureRotation {
    /// - Parameter orientation: of EXIF 2.3, section 4.6.4 A.
    init(exifOrientation orientation: Int?) {
        switch orientation {
        case 2: self = .mirrored
        case 3: self = .upsideDown
        case 4: self = .upsideDownMirrored
        case 5: self = .clockwiseMirrored
        case 6: self = .clockwise
        case 7: self = .counterclockwiseMirrored
        case 8: self = .counterclockwise
        default: self = .none
        }
    }
}
