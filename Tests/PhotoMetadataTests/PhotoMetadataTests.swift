import Testing

@testable import PhotoMetadata

@Suite struct PhotoMetadataTests {
    private static let camera = ExifFile(
        first: [(0x010F, .text("RECONYX")), (0x0110, .text("HYPERFIRE 2")), (0x0112, .short(6))],
        exif: [
            (0x829A, .fractions([(1, 125)])), (0x829D, .fractions([(28, 10)])), (0x8827, .short(400)),
            (0x9003, .text("2026:07:14 23:59:59")), (0x9011, .text("+02:00")), (0x9209, .short(16)),
            (0x9291, .text("07  ")), (0xA431, .text("0012345")),
        ],
        gps: [
            (1, .text("S")), (2, .fractions([(33, 1), (30, 1), (36, 1)])), (3, .text("W")),
            (4, .fractions([(70, 1), (0, 1), (0, 1)])), (5, .byte(1)), (6, .fractions([(4305, 10)])),
        ])

    private func metadata(
        first: [(tag: Int, value: ExifFile.Value)] = [], exif: [(tag: Int, value: ExifFile.Value)] = [],
        gps: [(tag: Int, value: ExifFile.Value)] = []
    ) -> PhotoMetadata {
        PhotoMetadata(ofImage: ExifFile(first: first, exif: exif, gps: gps).jpeg)
    }

    @Test(arguments: [false, true])
    func everyFieldIsRead(isLittle: Bool) {
        var file = Self.camera
        file.isLittle = isLittle
        let found = PhotoMetadata(ofImage: file.jpeg)
        #expect(found.make == "RECONYX" && found.model == "HYPERFIRE 2" && found.serialNumber == "0012345")
        #expect(found.dateTime?.description == "2026-07-14T23:59:59")
        #expect(found.subSeconds == "07" && found.offset == "+02:00")
        #expect(found.latitude == -33.51 && found.longitude == -70 && found.altitude == -430.5)
        #expect(found.orientation == 6 && found.fNumber == 2.8 && found.exposureTime == 0.008)
        #expect(found.iso == 400 && found.flash == 16 && found.problems.isEmpty)
    }

    @Test func everyContainerHasTheSameFields() {
        let block = Self.camera.block
        let wanted = PhotoMetadata(ofImage: ExifFile.jpeg(block))
        #expect(PhotoMetadata(ofImage: ExifFile.png(block)) == wanted)
        #expect(PhotoMetadata(ofImage: ExifFile.webp(block)) == wanted)
        // Another segment in front.
        #expect(
            PhotoMetadata(ofImage: [0xFF, 0xD8, 0xFF, 0xE2, 0, 4, 1, 2] + ExifFile.jpeg(block).dropFirst(2)) == wanted)
    }

    @Test(arguments: [[], [0xFF, 0xD8], [0xFF, 0xD8, 0xFF, 0xD9], Array("GIF89a".utf8), Array("RIFFxxxxWEBP".utf8)])
    func aFileWithoutExifSaysNothing(bytes: [UInt8]) { #expect(PhotoMetadata(ofImage: bytes) == PhotoMetadata()) }

    @Test(arguments: [
        "0000:00:00 00:00:00", "    :  :     :  :  ", "2026:02:31 12:00:00", "2025:02:29 12:00:00",
        "2026:13:01 00:00:00",
        "2026:01:01 24:00:00", "2026:01:01", "2026-01-01 00:00:00x", "+026:01:01 00:00:00",
    ])
    func whatIsNoTimeIsBroken(text: String) {
        let found = self.metadata(exif: [(0x9003, .text(text))])
        #expect(found.dateTime == nil && found.problems == ["date_time_original"])
    }

    @Test func aLeapDayIsADay() {
        #expect(self.metadata(exif: [(0x9003, .text("2024:02:29 01:02:03"))]).dateTime?.day == 29)
    }

    @Test(arguments: [
        ("-09:30", true), ("+14:00", true), ("CEST", false), ("+15:00", false), ("+02:60", false), ("02:00", false),
    ])
    func anOffsetIsHoursAndMinutes(text: String, isGood: Bool) {
        let found = self.metadata(exif: [(0x9011, .text(text))])
        #expect(found.offset == (isGood ? text : nil))
        #expect(found.problems == (isGood ? [] : ["offset_time_original"]))
    }

    @Test(arguments: [0, 9, 65_535])
    func anOrientationIsOneToEight(value: Int) {
        let found = self.metadata(first: [(0x0112, .short(value))])
        #expect(found.orientation == nil && found.problems == ["orientation"])
    }

    @Test func aPlaceIsBothOrNeither() {
        let east: [(tag: Int, value: ExifFile.Value)] = [(3, .text("E")), (4, .fractions([(11, 1), (0, 1), (0, 1)]))]
        let noHemisphere = self.metadata(gps: [(2, .fractions([(47, 1), (0, 1), (0, 1)]))] + east)
        #expect(noHemisphere.longitude == nil && noHemisphere.problems == ["latitude"])
        let beyond = self.metadata(gps: [(1, .text("N")), (2, .fractions([(147, 1), (0, 1), (0, 1)]))] + east)
        #expect(beyond.latitude == nil && beyond.problems == ["latitude"])
        let nothing = self.metadata(gps: [(1, .text("N")), (2, .fractions([(47, 1), (1, 1), (5, 0)]))] + east)
        #expect(nothing.latitude == nil && nothing.problems == ["latitude"])
    }

    @Test func nullIslandIsAPlace() {
        let zero = ExifFile.Value.fractions([(0, 1), (0, 1), (0, 1)])
        let found = self.metadata(gps: [(1, .text("S")), (2, zero), (3, .text("W")), (4, zero)])
        #expect(found.latitude == 0 && found.latitude?.sign == .plus && found.longitude == 0)
    }

    @Test func divisionByZeroIsBroken() {
        let found = self.metadata(exif: [(0x829A, .fractions([(0, 0)])), (0x829D, .fractions([(28, 0)]))])
        #expect(found.problems == ["exposure_time", "f_number"])
    }

    @Test func textIsTrimmedAndDecoded() {
        #expect(self.metadata(first: [(0x010F, .text(Array("Bushnell   ".utf8) + [0, 0]))]).make == "Bushnell")
        #expect(self.metadata(first: [(0x0110, .text("Größe M"))]).model == "Größe M")
        #expect(self.metadata(first: [(0x0110, .text([0x47, 0xF6, 0x74, 0x7A, 0]))]).model == "Götz")
    }

    @Test func whatLiesOutsideTheBlockIsBroken() {
        let values: [ExifFile.Value] = [
            .raw(type: 2, count: 40, value: 9000), .raw(type: 2, count: .max, value: 26),
        ]
        for value in values {
            let found = self.metadata(first: [(0x010F, value), (0x0112, .short(1))])
            #expect(found.make == nil && found.orientation == 1 && found.problems == ["make"])
        }
    }

    @Test func aDirectoryThatLeadsToItselfEnds() {
        let loop = self.metadata(first: [(0x0112, .short(3)), (0x8769, .raw(type: 4, count: 1, value: 8))])
        #expect(loop.orientation == 3 && loop.problems.contains("exif"))
    }

    @Test func noCutAndNoWrongByteDoesHarm() {
        for bytes in [Self.camera.jpeg, ExifFile.png(Self.camera.block), ExifFile.webp(Self.camera.block)] {
            for count in bytes.indices { _ = PhotoMetadata(ofImage: Array(bytes.prefix(count))) }
            for place in bytes.indices {
                for value: UInt8 in [0, 0x7F, 0xFF] {
                    var changed = bytes
                    changed[place] = value
                    _ = PhotoMetadata(ofImage: changed)
                }
            }
        }
        // A cut inside the block is noticed.
        #expect(PhotoMetadata(ofImage: ExifFile.jpeg(Array(Self.camera.block.prefix(30)))).problems.contains("exif"))
    }
}
