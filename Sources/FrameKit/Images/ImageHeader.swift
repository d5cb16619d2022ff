/// The kinds of picture files that become clips, named as their files end.
package enum ImageKind: String, Sendable {
    case jpeg = "jpg"
    case png
    case webp

    /// By the first bytes of a file, whatever its name; `nil` for other kinds.
    package init?(_ bytes: [UInt8]) {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
            self = .webp
        } else {
            return nil
        }
    }

    package var fileExtension: String { self.rawValue }

    package var contentType: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .webp: "image/webp"
        }
    }
}

/// What a picture file says of itself, read without decoding: its kind, size, orientation, and whether it has an end.
///
/// Sources: JPEG is ITU-T T.81, annex B; PNG is <https://www.w3.org/TR/png-3/>; WebP is RFC 9649.
struct ImageHeader {
    let kind: ImageKind
    /// As stored, in pixels; `nil` when the file ends before it says.
    private(set) var size: PictureSize?
    /// EXIF's tag 0x0112, 1 … 8.
    private(set) var orientation: Int?
    /// Of a JPEG: 1 for grey, 3 for colours, 4 for print.
    private(set) var componentCount: Int?
    /// Whether the file has the end that its format asks for; a file that was cut has none.
    private(set) var hasEnd = false
    /// The first picture of an animated WebP as a file of its own: decoders of still pictures pass over it.
    private(set) var firstPicture: [UInt8]?

    /// - Returns: `nil` for bytes that are no JPEG, PNG or WebP.
    init?(_ bytes: [UInt8]) {
        guard let kind = ImageKind(bytes) else { return nil }
        self.kind = kind
        switch kind {
        case .jpeg: self.readJPEG(bytes)
        case .png: self.readPNG(bytes)
        case .webp: self.readWebP(bytes)
        }
    }

    var turn: PictureRotation { PictureRotation(exifOrientation: self.orientation) }

    /// As it is displayed; `nil` when the size is unknown or absurd.
    var displayedSize: PictureSize? {
        guard let size, size.width > 0, size.height > 0 else { return nil }
        return self.turn.swapsSides ? PictureSize(width: size.height, height: size.width) : size
    }
}

// MARK: JPEG

extension ImageHeader {
    private mutating func readJPEG(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes, at: 2)
        while let first = reader.byte(), first == 0xFF {
            var marker = reader.byte()
            while marker == 0xFF { marker = reader.byte() }  // Fill bytes.
            guard let marker, let length = reader.big(2), length >= 2, let body = reader.slice(length - 2) else {
                return
            }
            switch marker {
            case 0xC0...0xCF where ![0xC4, 0xC8, 0xCC].contains(marker):
                var frame = ByteReader(body, at: 1)
                if let height = frame.big(2), let width = frame.big(2) {
                    self.size = PictureSize(width: width, height: height)
                }
                self.componentCount = frame.byte().map { Int($0) }
            case 0xE1 where self.orientation == nil: self.orientation = EXIF.orientation(in: body)
            case 0xDA:
                // Inside the coded data 0xFF is always followed by another byte than this.
                self.hasEnd = zip(bytes[reader.position...], bytes[reader.position...].dropFirst())
                    .contains { $0 == 0xFF && $1 == 0xD9 }
                return
            default: continue
            }
        }
    }
}

// MARK: PNG

extension ImageHeader {
    private mutating func readPNG(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes, at: 8)
        while let length = reader.big(4), let kind = reader.text(4), let body = reader.slice(length), reader.skip(4) {
            switch kind {
            case "IHDR":
                var header = ByteReader(body)
                // PNG allows 31 bits a side.
                if let width = header.big(4), let height = header.big(4), max(width, height) <= Int(Int32.max) {
                    self.size = PictureSize(width: width, height: height)
                }
            case "eXIf": self.orientation = EXIF.orientation(in: body)
            case "IEND":
                self.hasEnd = true
                return
            default: continue
            }
        }
    }
}

// MARK: WebP

extension ImageHeader {
    private mutating func readWebP(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes, at: 4)
        guard let length = reader.little(4) else { return }
        self.hasEnd = length + 8 <= bytes.count
        _ = reader.skip(4)
        while let kind = reader.text(4), let length = reader.little(4) {
            let body = reader.rest(upTo: length)
            if kind == "EXIF" { self.orientation = EXIF.orientation(in: body) }
            if kind == "ANMF", self.firstPicture == nil { self.readFirstPicture(body) }
            if self.size == nil { self.size = Self.webPSize(kind, body) }
            guard reader.skip(length + length % 2) else { return }
        }
    }

    private static func webPSize(_ kind: String, _ body: ArraySlice<UInt8>) -> PictureSize? {
        var reader = ByteReader(body)
        switch kind {
        case "VP8 ":
            guard reader.skip(6), let width = reader.little(2), let height = reader.little(2) else { return nil }
            return PictureSize(width: width & 0x3FFF, height: height & 0x3FFF)
        case "VP8L":
            guard reader.skip(1), let bits = reader.little(4) else { return nil }
            return PictureSize(width: bits & 0x3FFF + 1, height: bits >> 14 & 0x3FFF + 1)
        case "VP8X":
            guard reader.skip(4), let width = reader.little(3), let height = reader.little(3) else { return nil }
            return PictureSize(width: width + 1, height: height + 1)
        default: return nil
        }
    }

    /// - Parameter frame: position (6 bytes), size less one (6), duration (3), flags (1), and the picture's own chunks.
    private mutating func readFirstPicture(_ frame: ArraySlice<UInt8>) {
        let chunks = frame.dropFirst(16)
        guard !chunks.isEmpty else { return }
        let size = frame.dropFirst(6).prefix(6)
        // A picture with transparency needs the header that says so.
        let hasAlpha = chunks.starts(with: Array("ALPH".utf8))
        let header = hasAlpha ? Array("VP8X".utf8) + [10, 0, 0, 0, 0x10, 0, 0, 0] + size : []
        let body = Array("WEBP".utf8) + header + chunks
        let length = (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (8 * $0)) }
        self.firstPicture = Array("RIFF".utf8) + length + body
        var sides = ByteReader(size)
        if let width = sides.little(3), let height = sides.little(3) {
            self.size = PictureSize(width: width + 1, height: height + 1)
        }
    }
}
