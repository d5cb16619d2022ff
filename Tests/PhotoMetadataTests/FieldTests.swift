import Domain
import Testing

@testable import PhotoMetadata

/// What a tag's value means, and which values mean nothing.
@Suite struct FieldTests {
    @Test(arguments: [
        ("2026:07:14 23:59:59", "2026-07-14T23:59:59"), ("2024:02:29 01:02:03", "2024-02-29T01:02:03"),
        ("2000:02:29 00:00:00", "2000-02-29T00:00:00"), ("1970:01:01 00:00:07", "1970-01-01T00:00:07"),
        ("0000:00:00 00:00:00", nil), ("    :  :     :  :  ", nil), ("2026:02:31 12:00:00", nil),
        ("1900:02:29 12:00:00", nil), ("2026:13:01 12:00:00", nil), ("2026:00:01 12:00:00", nil),
        ("2026:01:00 12:00:00", nil), ("2026:01:01 24:00:00", nil), ("2026:01:01 23:60:00", nil),
        ("2026:01:01 23:59:60", nil), ("2026-01-01 12:00:00", nil), ("2026:01:01", nil), ("2026:01:01 1a:00:00", nil),
        ("", nil),
    ])
    func datesAreOfTheCalendar(text: String, date: String?) {
        let photo = TestPhoto([.dateTimeOriginal: .ascii(text)]).metadata
        #expect(photo.dateTime?.description == date)
        #expect(photo.problems == (date == nil ? ["date_time_original"] : []))
    }

    @Test(
        arguments: [
            ("123", "123", []), ("5", "5", []), ("07  ", "07", []), ("   ", nil, []), ("", nil, []),
            ("1a", nil, ["sub_seconds"]), ("-5", nil, ["sub_seconds"]), ("٣", nil, ["sub_seconds"]),
        ] as [(String, String?, [String])])
    func subSecondsAreDigits(text: String, digits: String?, problems: [String]) {
        let photo = TestPhoto([.subSecTimeOriginal: .ascii(text)]).metadata
        #expect(photo.subSeconds == digits)
        #expect(photo.problems == problems)
    }

    @Test(arguments: [
        ("+02:00", true), ("-09:30", true), ("+14:00", true), ("+00:00", true), ("CEST", false), ("02:00", false),
        ("+2:00", false), ("+02:60", false), ("+14:01", false), ("   :  ", false), ("+02:00:00", false), ("", false),
    ])
    func offsetsAreHoursAndMinutes(text: String, isValid: Bool) {
        let photo = TestPhoto([.offsetTimeOriginal: .ascii(text)]).metadata
        #expect(photo.offset == (isValid ? text : nil))
        #expect(photo.problems == (isValid ? [] : ["offset_time_original"]))
    }

    @Test(
        arguments: [
            (.short(0), nil), (.short(1), 1), (.short(8), 8), (.short(9), nil), (.long(3), 3), (.bytes([6]), 6),
            (.ascii("6"), nil), (.rationals([(6, 1)]), nil), (.entry(format: 3, count: 0, value: 6), nil),
            (.entry(format: 99, count: 1, value: 6), nil), (.entry(format: 3, count: 0xFFFF_FFFF, value: 6), nil),
        ] as [(TestPhoto.Value, Int?)])
    func orientationsAreOneToEight(value: TestPhoto.Value, orientation: Int?) {
        let photo = TestPhoto([.orientation: value]).metadata
        #expect(photo.orientation == orientation)
        #expect(photo.problems == (orientation == nil ? ["orientation"] : []))
    }

    @Test(
        arguments: [
            (Array("Bushnell   \0\0".utf8), "Bushnell"), (Array("  119876C\n".utf8), "119876C"),
            (Array("Größe M".utf8), "Größe M"), (Array("Gr".utf8) + [0xF6, 0xDF] + Array("e M".utf8), "Größe M"),
            (Array("Core\0rest".utf8), "Core"), (Array("no NUL".utf8), "no NUL"), ([0, 0, 0, 0, 0], nil),
            (Array("      ".utf8), nil),
        ] as [([UInt8], String?)])
    func textsLoseTheirPadding(bytes: [UInt8], text: String?) {
        let photo = TestPhoto([.make: .bytes(bytes), .model: .bytes(bytes), .bodySerialNumber: .bytes(bytes)]).metadata
        #expect(photo.make == text)
        #expect(photo.model == text)
        #expect(photo.serialNumber == text)
        #expect(photo.problems.isEmpty)
    }

    @Test(
        arguments: [
            (.rationals([(28, 10)]), 2.8), (.rationals([(1, 125)]), 0.008), (.signedRational(5, 2), 2.5),
            (.rationals([(28, 0)]), nil), (.rationals([(0, 0)]), nil), (.rationals([(0, 1)]), nil),
            (.signedRational(-1, 2), nil), (.short(3), nil), (.ascii("2.8"), nil),
        ] as [(TestPhoto.Value, Double?)])
    func numbersArePositiveFractions(value: TestPhoto.Value, number: Double?) {
        let photo = TestPhoto([.fNumber: value, .exposureTime: value]).metadata
        #expect(photo.fNumber == number)
        #expect(photo.exposureTime == number)
        #expect(photo.problems == (number == nil ? ["exposure_time", "f_number"] : []))
    }

    @Test func sensitivityAndFlashAreWholeNumbers() {
        let photo = TestPhoto([.isoSpeedRatings: .long(102_400), .flash: .short(0)]).metadata
        #expect(photo.iso == 102_400)
        #expect(photo.flash == 0)
        #expect(TestPhoto([.isoSpeedRatings: .short(0)]).metadata.problems == ["iso"])
        #expect(TestPhoto([.flash: .ascii("fired")]).metadata.problems == ["flash"])
    }
}
