import Domain
import Testing

@testable import PhotoMetadata

/// Where a photo was taken.
@Suite struct PlaceTests {
    typealias Fraction = (UInt32, UInt32)

    private static func photo(
        _ latitude: [Fraction], _ north: String?, _ longitude: [Fraction], _ east: String?
    ) -> PhotoMetadata {
        var tags: [ExifTag: TestPhoto.Value] = [.latitude: .rationals(latitude), .longitude: .rationals(longitude)]
        tags[.latitudeReference] = north.map { .ascii($0) }
        tags[.longitudeReference] = east.map { .ascii($0) }
        return TestPhoto(tags).metadata
    }

    @Test(arguments: [("N", "E", 1.0, 1.0), ("N", "W", 1, -1), ("S", "E", -1, 1), ("S", "W", -1, -1)])
    func southAndWestAreNegative(north: String, east: String, latitudeSign: Double, longitudeSign: Double) {
        let photo = Self.photo([(33, 1), (30, 1), (1800, 100)], north, [(70, 1), (38, 1), (528, 10)], east)
        #expect(photo.latitude == latitudeSign * (33 + 30.0 / 60 + 18.0 / 3600))
        #expect(photo.longitude == longitudeSign * (70 + 38.0 / 60 + 52.8 / 3600))
        #expect(photo.problems.isEmpty)
    }

    @Test func degreesOrMinutesMayBeFractions() {
        let photo = Self.photo(
            [(47_123_456, 1_000_000), (0, 1), (0, 1)], "N", [(11, 1), (150_001, 10_000), (0, 1)], "E")
        #expect(photo.latitude == 47.123456)
        #expect(photo.longitude == 11 + 15.0001 / 60)
    }

    @Test func zeroIsAPlaceWithoutASign() {
        let zero: [Fraction] = [(0, 1), (0, 1), (0, 1)]
        let photo = Self.photo(zero, "S", zero, "W")
        #expect(photo.latitude?.description == "0.0")
        #expect(photo.longitude?.description == "0.0")
    }

    @Test(
        arguments: [
            ([(47, 1), (30, 1), (5, 0)], "N"), ([(0, 0), (0, 0), (0, 0)], "N"), ([(147, 1), (0, 1), (0, 1)], "N"),
            ([(90, 1), (0, 1), (1, 1)], "N"), ([(47, 1), (61, 1), (0, 1)], "N"), ([(47, 1), (0, 1), (61, 1)], "N"),
            ([(47, 1), (30, 1)], "N"), ([(47, 1), (30, 1), (5, 1)], nil), ([(47, 1), (30, 1), (5, 1)], "E"),
            ([(47, 1), (30, 1), (5, 1)], ""),
        ] as [([Fraction], String?)])
    func aPlaceIsBothOrNeither(latitude: [Fraction], north: String?) {
        let photo = Self.photo(latitude, north, [(11, 1), (0, 1), (0, 1)], "E")
        #expect(photo.latitude == nil)
        #expect(photo.longitude == nil)
        #expect(photo.problems == ["latitude"])
    }

    @Test func aCoordinateThatIsMissingIsNotBroken() {
        let tags: [ExifTag: TestPhoto.Value] = [
            .latitudeReference: .ascii("N"), .longitudeReference: .ascii("E"),
            .longitude: .rationals([(11, 1), (0, 1), (0, 1)]),
        ]
        #expect(TestPhoto(tags).metadata == PhotoMetadata())
    }

    @Test(
        arguments: [
            (.rationals([(4305, 10)]), .bytes([0]), 430.5), (.rationals([(4305, 10)]), .bytes([1]), -430.5),
            (.rationals([(4305, 10)]), nil, 430.5), (.rationals([(0, 1)]), .bytes([1]), 0),
            (.rationals([(100, 0)]), .bytes([0]), nil), (.rationals([(1, 1)]), .bytes([7]), nil),
            (.rationals([(1, 1)]), .ascii("below"), nil), (.signedRational(-3, 1), .bytes([1]), nil),
            (.short(3), .bytes([0]), nil),
        ] as [(TestPhoto.Value, TestPhoto.Value?, Double?)])
    func altitudesBelowTheSeaAreNegative(value: TestPhoto.Value, reference: TestPhoto.Value?, metres: Double?) {
        var tags: [ExifTag: TestPhoto.Value] = [.altitude: value]
        tags[.altitudeReference] = reference
        let photo = TestPhoto(tags).metadata
        #expect(photo.altitude == metres)
        #expect(photo.problems == (metres == nil ? ["altitude"] : []))
    }
}
