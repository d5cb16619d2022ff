/// Reads fields from values, and notes those that are there and broken.
struct ExifFieldReader {
    private var values: [ExifTag: ExifValue] = [:]
    private let tags: Set<ExifTag>
    private(set) var problems: Set<PhotoMetadata.Field> = []

    init(_ directories: TIFFDirectories) {
        self.tags = directories.tags
        if !directories.isIntact { self.problems.insert(.exif) }
        guard let values = ExifValues.reading(directories) else { return }
        for tag in directories.tags { self.values[tag] = values[tag] }
    }

    /// - Parameter meaning: the value as a field, or `nil` when it is none.
    mutating func value<Value>(
        of tag: ExifTag, for field: PhotoMetadata.Field, _ meaning: (ExifValue) -> Value?
    ) -> Value? {
        guard self.tags.contains(tag) else { return nil }
        guard let value = self.values[tag].flatMap(meaning) else {
            self.problems.insert(field)
            return nil
        }
        return value
    }

    /// Blanks alone are no text, and no problem: Exif fills with them what a camera does not know.
    mutating func text(
        of tag: ExifTag, for field: PhotoMetadata.Field, where isValid: (String) -> Bool = { _ in true }
    ) -> String? {
        let text = self.value(of: tag, for: field) { value in value.text.flatMap { isValid($0) ? $0 : nil } }
        return text?.isEmpty == true ? nil : text
    }

    mutating func positiveNumber(of tag: ExifTag, for field: PhotoMetadata.Field) -> Double? {
        self.value(of: tag, for: field) { value in value.number.flatMap { $0 > 0 ? $0 : nil } }
    }

    /// Both coordinates, or `nil` when one of them is missing or broken.
    mutating func place() -> (latitude: Double, longitude: Double)? {
        let latitude = self.coordinate(
            .latitude, for: .latitude, reference: .latitudeReference, positive: "N", negative: "S", upTo: 90)
        let longitude = self.coordinate(
            .longitude, for: .longitude, reference: .longitudeReference, positive: "E", negative: "W", upTo: 180)
        guard let latitude, let longitude else { return nil }
        return (latitude, longitude)
    }

    /// Degrees, minutes and seconds, each a fraction, and the hemisphere in a tag of its own (CIPA DC-008 (Exif 2.32)
    /// 4.6.6, GPSLatitude).
    private mutating func coordinate(
        _ tag: ExifTag, for field: PhotoMetadata.Field, reference: ExifTag, positive: String, negative: String,
        upTo limit: Double
    ) -> Double? {
        let hemisphere = self.values[reference]?.text
        return self.value(of: tag, for: field) { value in
            guard case .numbers(let parts) = value, parts.count == 3, hemisphere == positive || hemisphere == negative,
                let degrees = parts[0], let minutes = parts[1], let seconds = parts[2],
                degrees >= 0, (0...60).contains(minutes), (0...60).contains(seconds)
            else { return nil }
            let size = degrees + minutes / 60 + seconds / 3600
            guard size <= limit else { return nil }
            return hemisphere == negative && size != 0 ? -size : size
        }
    }

    /// Metres; a reference of 1 means below the sea, and none at all above (CIPA DC-008 (Exif 2.32) 4.6.6,
    /// GPSAltitudeRef).
    mutating func altitude() -> Double? {
        let reference = self.tags.contains(.altitudeReference) ? self.values[.altitudeReference]?.integer : 0
        return self.value(of: .altitude, for: .altitude) { value in
            guard let metres = value.number, metres >= 0, let reference, (0...1).contains(reference) else { return nil }
            return reference == 1 && metres != 0 ? -metres : metres
        }
    }
}
