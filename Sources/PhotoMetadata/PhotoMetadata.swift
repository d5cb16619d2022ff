/// What a camera wrote into a photo: EXIF (CIPA DC-008), without the values that are broken.
package struct PhotoMetadata: Codable, Hashable, Sendable {
    /// What the camera's clock showed, in no time zone.
    package struct DateTime: Codable, Hashable, Sendable {
        package let year: Int
        package let month: Int
        package let day: Int
        package let hour: Int
        package let minute: Int
        package let second: Int
    }

    /// DateTimeOriginal.
    package internal(set) var dateTime: DateTime?
    /// The digits behind the decimal point of the seconds: "07" is 0.07 s.
    package internal(set) var subSeconds: String?
    /// OffsetTimeOriginal, such as "+02:00".
    package internal(set) var offset: String?
    /// Degrees, north positive. A place is both or neither.
    package internal(set) var latitude: Double?
    /// Degrees, east positive.
    package internal(set) var longitude: Double?
    /// Metres above the sea, negative below.
    package internal(set) var altitude: Double?
    /// How the stored picture is to be turned, 1 … 8.
    package internal(set) var orientation: Int?
    package internal(set) var make: String?
    package internal(set) var model: String?
    package internal(set) var serialNumber: String?
    package internal(set) var fNumber: Double?
    /// Seconds.
    package internal(set) var exposureTime: Double?
    package internal(set) var iso: Int?
    /// The bits of EXIF's Flash.
    package internal(set) var flash: Int?
    /// Fields whose value is there and broken, in alphabetical order; "exif" when nothing can be read.
    package internal(set) var problems: [String] = []

    /// Nothing is known.
    package init() {}
}

extension PhotoMetadata.DateTime: CustomStringConvertible {
    /// Such as "2026-07-14T23:59:59" (ISO 8601).
    package var description: String {
        let date = [(self.year, 4), (self.month, 2), (self.day, 2)].map(Self.digits).joined(separator: "-")
        let time = [(self.hour, 2), (self.minute, 2), (self.second, 2)].map(Self.digits).joined(separator: ":")
        return "\(date)T\(time)"
    }

    private static func digits(_ value: Int, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}
