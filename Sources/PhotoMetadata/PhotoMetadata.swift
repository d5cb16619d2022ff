package import Domain

/// What a camera wrote into a photo: time, place, orientation and settings.
///
/// Fields are `nil` when the photo does not say, and when what it says cannot be true; ``problems`` names the latter.
package struct PhotoMetadata: Codable, Hashable, Sendable {
    /// Tag DateTimeOriginal: when the picture was taken, not when its file was changed.
    package var dateTime: LocalDateTime?
    /// Digits after the decimal point of the second: "5" is half a second, "07" is 0.07 s.
    package var subSeconds: String?
    /// Of ``dateTime`` from UTC, as "+02:00".
    package var offset: String?
    /// Degrees, north positive, -90...90. A place has both coordinates or neither.
    package var latitude: Double?
    /// Degrees, east positive, -180...180.
    package var longitude: Double?
    /// Metres above the sea, negative below it.
    package var altitude: Double?
    /// 1...8: how the stored picture is turned or mirrored (CIPA DC-008 (Exif 2.32) 4.6.4, Orientation).
    package var orientation: Int?
    package var make: String?
    package var model: String?
    /// Of the camera's body.
    package var serialNumber: String?
    package var fNumber: Double?
    /// Seconds.
    package var exposureTime: Double?
    package var iso: Int?
    /// Bits of the tag Flash: bit 0 says that it fired.
    package var flash: Int?
    /// The fields whose value is there and broken, sorted, in the spelling of ``Field``.
    package var problems: [String] = []

    /// Of a photo that says nothing.
    package init() {}

    /// Reads the Exif block of a JPEG, PNG or WebP, from the bytes of the whole file.
    ///
    /// Never fails: what cannot be read is `nil` and, if it was there, named in ``problems``. Bytes of another kind of
    /// file say nothing.
    package init(ofImage bytes: [UInt8]) {
        guard let block = ExifBlock.first(in: bytes) else { return }
        guard case .bytes(let tiff) = block, let directories = TIFFDirectories(tiff) else {
            self.problems = [Field.exif.rawValue]
            return
        }
        var reader = ExifFieldReader(directories)
        self.read(from: &reader)
        self.problems = reader.problems.map(\.rawValue).sorted()
    }

    /// Names of what can be broken.
    enum Field: String {
        case altitude, flash, iso, latitude, longitude, make, model, orientation
        case dateTimeOriginal = "date_time_original"
        /// The block as a whole, or one of its directories.
        case exif
        case exposureTime = "exposure_time"
        case fNumber = "f_number"
        case offsetTimeOriginal = "offset_time_original"
        case serial
        case subSeconds = "sub_seconds"
    }

    private mutating func read(from reader: inout ExifFieldReader) {
        self.dateTime = reader.value(of: .dateTimeOriginal, for: .dateTimeOriginal) {
            $0.text.flatMap(LocalDateTime.init(exif:))
        }
        self.subSeconds = reader.text(of: .subSecTimeOriginal, for: .subSeconds, where: Self.isDigits)
        self.offset = reader.value(of: .offsetTimeOriginal, for: .offsetTimeOriginal) { value in
            value.text.flatMap { Self.isOffset($0) ? $0 : nil }
        }
        let place = reader.place()
        self.latitude = place?.latitude
        self.longitude = place?.longitude
        self.altitude = reader.altitude()
        self.orientation = reader.value(of: .orientation, for: .orientation) { value in
            value.integer.flatMap { (1...8).contains($0) ? $0 : nil }
        }
        self.make = reader.text(of: .make, for: .make)
        self.model = reader.text(of: .model, for: .model)
        self.serialNumber = reader.text(of: .bodySerialNumber, for: .serial)
        self.fNumber = reader.positiveNumber(of: .fNumber, for: .fNumber)
        self.exposureTime = reader.positiveNumber(of: .exposureTime, for: .exposureTime)
        self.iso = reader.value(of: .isoSpeedRatings, for: .iso) { value in value.integer.flatMap { $0 > 0 ? $0 : nil }
        }
        self.flash = reader.value(of: .flash, for: .flash) { value in value.integer.flatMap { $0 >= 0 ? $0 : nil } }
    }

    private static func isDigits(_ text: String) -> Bool { text.utf8.allSatisfy { (0x30...0x39).contains($0) } }

    /// "+HH:MM" or "-HH:MM", at most 14 hours, which the farthest time zone has.
    private static func isOffset(_ text: String) -> Bool {
        guard text.utf8.count == 6, let sign = text.first, sign == "+" || sign == "-" else { return false }
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && Self.isDigits(String($0)) }) else {
            return false
        }
        guard let hours = Int(parts[0]), let minutes = Int(parts[1]) else { return false }
        return minutes < 60 && hours * 60 + minutes <= 14 * 60
    }
}
