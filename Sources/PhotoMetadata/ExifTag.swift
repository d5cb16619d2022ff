/// The tags that are read, by their numbers (CIPA DC-008 (Exif 2.32) 4.6.4 to 4.6.6), which are unique among these.
enum ExifTag: UInt16 {
    case make = 0x010F
    case model = 0x0110
    case orientation = 0x0112
    case exposureTime = 0x829A
    case fNumber = 0x829D
    case isoSpeedRatings = 0x8827
    case dateTimeOriginal = 0x9003
    case offsetTimeOriginal = 0x9011
    case flash = 0x9209
    case subSecTimeOriginal = 0x9291
    case bodySerialNumber = 0xA431
    case latitudeReference = 1
    case latitude = 2
    case longitudeReference = 3
    case longitude = 4
    case altitudeReference = 5
    case altitude = 6

    /// The directories ("IFD") of a block that are read.
    enum Directory: UInt16 {
        /// The first one of the block.
        case image = 0
        /// Raw value: the tag of ``image`` that points to it.
        case exif = 0x8769
        case gps = 0x8825
    }

    var directory: Directory {
        switch self {
        case .make, .model, .orientation: .image
        case .latitudeReference, .latitude, .longitudeReference, .longitude, .altitudeReference, .altitude: .gps
        default: .exif
        }
    }
}

/// A tag's value, without the width of its numbers.
enum ExifValue: Hashable {
    /// Of the formats ASCII, BYTE and UNDEFINED.
    case bytes([UInt8])
    /// Of the formats SHORT, LONG, SSHORT and SLONG; not empty.
    case integers([Int])
    /// Of the formats RATIONAL and SRATIONAL; `nil` for a fraction with the denominator 0. Not empty.
    case numbers([Double?])

    /// Up to the first NUL, without blanks around it; as UTF-8, or as Latin-1 when it is none.
    var text: String? {
        guard case .bytes(let bytes) = self else { return nil }
        let end = bytes.firstIndex(of: 0) ?? bytes.endIndex
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard let first = bytes[..<end].firstIndex(where: { !isBlank($0) }),
            let last = bytes[..<end].lastIndex(where: { !isBlank($0) })
        else { return "" }
        let trimmed = bytes[first...last]
        return String(validating: trimmed, as: UTF8.self)
            ?? String(String.UnicodeScalarView(trimmed.map { Unicode.Scalar($0) }))
    }

    /// The first whole number; of bytes only when there is just one.
    var integer: Int? {
        switch self {
        case .bytes(let bytes): bytes.count == 1 ? Int(bytes[0]) : nil
        case .integers(let integers): integers.first
        case .numbers: nil
        }
    }

    /// The first fraction.
    var number: Double? {
        guard case .numbers(let numbers) = self, let first = numbers.first else { return nil }
        return first
    }
}
