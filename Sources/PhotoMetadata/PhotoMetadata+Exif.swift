extension PhotoMetadata {
    /// Reads the EXIF of a JPEG, PNG or WebP file. Never fails: what cannot be read is absent, and if it was there named
    /// in ``problems``.
    package init(ofImage bytes: [UInt8]) {
        self.init()
        guard let block = ExifBlock.find(in: bytes) else { return }
        let tags = ExifTags(block)
        var broken: Set<String> = tags.isDamaged ? ["exif"] : []
        if let values = ExifValues(block) {
            var reader = FieldReader(tags: tags, broken: broken)
            self.read(values, &reader)
            broken = reader.broken
        }
        self.problems = broken.sorted()
    }

    /// Tags: CIPA DC-008-2019, 4.6.3 to 4.6.7.
    private mutating func read(_ values: borrowing ExifValues, _ reader: inout FieldReader) {
        self.make = reader.field("make", 0x010F, .first, values.text(0x010F, in: .first))
        self.model = reader.field("model", 0x0110, .first, values.text(0x0110, in: .first))
        let orientation = values.whole(0x0112, in: .first).flatMap { (1...8).contains($0) ? $0 : nil }
        self.orientation = reader.field("orientation", 0x0112, .first, orientation)
        let time = values.text(0x9003, in: .exif).flatMap(DateTime.init(exif:))
        self.dateTime = reader.field("date_time_original", 0x9003, .exif, time)
        self.subSeconds = reader.field("sub_seconds", 0x9291, .exif, Self.digits(values.text(0x9291, in: .exif)))
        self.offset = reader.field("offset_time_original", 0x9011, .exif, Self.offset(values.text(0x9011, in: .exif)))
        self.serialNumber = reader.field("serial", 0xA431, .exif, values.text(0xA431, in: .exif))
        self.fNumber = reader.field("f_number", 0x829D, .exif, values.fractions(0x829D, in: .exif)?.first ?? nil)
        self.exposureTime = reader.field(
            "exposure_time", 0x829A, .exif, values.fractions(0x829A, in: .exif)?.first ?? nil)
        self.iso = reader.field("iso", 0x8827, .exif, values.whole(0x8827, in: .exif))
        self.flash = reader.field("flash", 0x9209, .exif, values.whole(0x9209, in: .exif))
        self.readPlace(values, &reader)
    }

    private mutating func readPlace(_ values: borrowing ExifValues, _ reader: inout FieldReader) {
        let latitude = Self.degrees(
            values.fractions(2, in: .gps), sign: Self.sign(values.text(1, in: .gps), "N", "S"), limit: 90)
        let longitude = Self.degrees(
            values.fractions(4, in: .gps), sign: Self.sign(values.text(3, in: .gps), "E", "W"), limit: 180)
        let (north, east) = (
            reader.field("latitude", 2, .gps, latitude), reader.field("longitude", 4, .gps, longitude)
        )
        if let north, let east { (self.latitude, self.longitude) = (north, east) }
        let isBelow = values.whole(5, in: .gps) == 1
        let height = values.fractions(6, in: .gps)?.first ?? nil
        self.altitude = reader.field("altitude", 6, .gps, height.map { isBelow ? -$0 : $0 })
    }

    private static func sign(_ text: String?, _ positive: String, _ negative: String) -> Double? {
        switch text {
        case positive: 1
        case negative: -1
        default: nil
        }
    }

    /// Degrees, minutes and seconds as one number; `nil` unless it is one on Earth.
    private static func degrees(_ parts: [Double?]?, sign: Double?, limit: Double) -> Double? {
        guard let parts, parts.count == 3, let degrees = parts[0], let minutes = parts[1], let seconds = parts[2],
            let sign
        else { return nil }
        let value = degrees + minutes / 60 + seconds / 3600
        // Minus zero is no place of its own.
        return value <= limit ? (value == 0 ? 0 : sign * value) : nil
    }

    private static func digits(_ text: String?) -> String? {
        guard let text, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return text
    }

    /// `text` when it is one like "+02:00".
    private static func offset(_ text: String?) -> String? {
        guard let text, text.utf8.count == 6, let sign = text.first, "+-".contains(sign) else { return nil }
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hours = UInt(parts[0]),
            let minutes = UInt(parts[1]), hours <= 14, minutes < 60
        else { return nil }
        return text
    }
}

/// Notes which fields are there without a value that makes sense.
private struct FieldReader {
    let tags: ExifTags
    var broken: Set<String>

    mutating func field<Value>(
        _ name: String, _ tag: Int, _ directory: ExifTags.Directory, _ value: Value?
    ) -> Value? {
        if value == nil, self.tags.tags[directory]?.contains(tag) == true { self.broken.insert(name) }
        return value
    }
}

extension PhotoMetadata.DateTime {
    /// "YYYY:MM:DD HH:MM:SS"; `nil` unless it is a time of the calendar.
    fileprivate init?(exif text: String) {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == " " }
        guard text.utf8.count == 19, parts.map(\.count) == [4, 2, 2, 2, 2, 2] else { return nil }
        let numbers = parts.compactMap { part in part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil }
        guard numbers.count == 6 else { return nil }
        self.init(
            year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
            second: numbers[5])
        guard self.year > 0, (1...12).contains(self.month), (1...self.dayCount).contains(self.day), self.hour < 24,
            self.minute < 60, self.second < 60
        else { return nil }
    }

    /// Days of the month.
    private var dayCount: Int {
        let isLeap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][self.month - 1]
    }
}
