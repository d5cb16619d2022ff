import Domain
import Testing

@testable import PhotoMetadata

/// Files that hold a block, and blocks that are damaged.
@Suite struct BlockTests {
    private static let expected = {
        var photo = PhotoMetadata()
        photo.dateTime = .init(year: 2026, month: 7, day: 14, hour: 23, minute: 59, second: 59)
        (photo.subSeconds, photo.offset) = ("07", "+02:00")
        (photo.latitude, photo.longitude, photo.altitude) = (47.5, 11.25, 812.5)
        (photo.make, photo.model, photo.serialNumber, photo.orientation) = ("RECONYX", "HYPERFIRE 2", "0012345", 6)
        (photo.fNumber, photo.exposureTime, photo.iso, photo.flash) = (2.8, 0.008, 400, 16)
        return photo
    }()
    private static let containers: [@Sendable ([UInt8]) -> [UInt8]] = [
        { TestPhoto.jpeg($0) }, { TestPhoto.png($0) }, { TestPhoto.webp($0) },
    ]

    @Test(arguments: [true, false])
    func everyContainerAndByteOrderSaysTheSame(isLittleEndian: Bool) {
        let tiff = TestPhoto(TestPhoto.full.tags, isLittleEndian: isLittleEndian).tiff
        for container in Self.containers {
            #expect(PhotoMetadata(ofImage: container(tiff)) == Self.expected)
            #expect(PhotoMetadata(ofImage: container(tiff + [0])) == Self.expected)
        }
        #expect(PhotoMetadata(ofImage: TestPhoto.png(TestPhoto.marker + tiff)) == Self.expected)
        #expect(PhotoMetadata(ofImage: TestPhoto.webp(TestPhoto.marker + tiff)) == Self.expected)
    }

    @Test func otherFilesAndPicturesWithoutABlockSayNothing() {
        let start: [UInt8] = [0xFF, 0xD8]
        let files: [[UInt8]] = [
            [], Array("this is not a picture".utf8), start, start + [0xFF], start + [0xFF, 0xE1],
            start + [0xFF, 0xE1, 0],
            start + [0xFF, 0xE1, 0, 1, 0xFF, 0xE1],
            start + TestPhoto.segment(Array("http://ns.adobe.com/xap/1.0/".utf8)),
            // After the beginning of the picture's data.
            start + [0xFF, 0xDA, 0, 2] + TestPhoto.segment(TestPhoto.marker + TestPhoto.full.tiff),
            Array("RIFF".utf8) + [4, 0, 0, 0] + Array("WEBP".utf8), Array("RIFF".utf8),
            Array("RIFF".utf8) + [4, 0, 0, 0] + Array("WAVEEXIF".utf8) + [0, 0, 0, 0],
        ]
        for file in files { #expect(PhotoMetadata(ofImage: file) == PhotoMetadata()) }
    }

    @Test func fillBytesAndOtherSegmentsAreSkipped() {
        let other = TestPhoto.segment(Array("http://ns.adobe.com/xap/1.0/".utf8))
        let file = [0xFF, 0xD8] + other + [0xFF, 0xFF] + TestPhoto.segment(TestPhoto.marker + TestPhoto.full.tiff)
        #expect(PhotoMetadata(ofImage: file) == Self.expected)
    }

    /// Nothing that is read from a part is wrong: it is what the whole says, or `nil`.
    @Test func aFileThatEndsAnywhereIsReadAsFarAsItGoes() {
        for container in Self.containers {
            let file = container(TestPhoto.full.tiff)
            for end in file.indices {
                let photo = PhotoMetadata(ofImage: Array(file[..<end]))
                #expect(photo == PhotoMetadata() || photo == Self.expected || photo.problems == ["exif"])
            }
        }
    }

    @Test func aBlockThatEndsAnywhereNamesWhatIsLost() {
        let tiff = TestPhoto.full.tiff
        for end in tiff.indices {
            for container in Self.containers {
                let photo = PhotoMetadata(ofImage: container(Array(tiff[..<end])))
                #expect(!photo.problems.isEmpty)
                #expect(photo.make == nil || photo.make == Self.expected.make)
                #expect(photo.dateTime == nil || photo.dateTime == Self.expected.dateTime)
                #expect(photo.latitude == nil || photo.latitude == Self.expected.latitude)
            }
        }
    }

    @Test func anyByteMayHaveAnyExtremeValue() {
        let file = TestPhoto.jpeg(TestPhoto.full.tiff)
        for position in file.indices {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                var damaged = file
                damaged[position] = value
                _ = PhotoMetadata(ofImage: damaged)
            }
        }
    }

    @Test(arguments: [
        [], [0x49, 0x49], Array("noise, and no block".utf8), [0x49, 0x49, 42, 0, 0xFF, 0xFF, 0xFF, 0xFF],
    ])
    func aBlockOfSomethingElseIsBroken(block: [UInt8]) {
        for container in Self.containers { #expect(PhotoMetadata(ofImage: container(block)).problems == ["exif"]) }
    }
}

/// Directories that lead astray.
@Suite struct DirectoryTests {
    /// A block of one directory, with an orientation of 1 and one more entry.
    private static func tiff(_ entry: [UInt8], next: UInt8 = 0) -> [UInt8] {
        let orientation: [UInt8] = [0x12, 0x01, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0]
        return Array("II".utf8) + [42, 0, 8, 0, 0, 0, 2, 0] + entry + orientation + [next, 0, 0, 0]
    }

    @Test(
        arguments: [
            // Outside of the block; 4 GiB; without a format that there is.
            ([0x0F, 0x01, 2, 0, 40, 0, 0, 0, 0x28, 0x23, 0, 0], "make"),
            ([0x0F, 0x01, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, 26, 0, 0, 0], "make"),
            ([0x0F, 0x01, 77, 0, 1, 0, 0, 0, 0x41, 0, 0, 0], "make"),
            // The Exif and the GPS directory: the first one again; nowhere; in the header.
            ([0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0], "exif"),
            ([0x25, 0x88, 4, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F], "exif"),
            ([0x25, 0x88, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0], "exif"),
        ] as [([UInt8], String)])
    func whatIsBrokenTakesNothingElseWithIt(entry: [UInt8], problem: String) {
        for next: UInt8 in [0, 8, 0xFF] {
            let photo = PhotoMetadata(ofImage: TestPhoto.jpeg(Self.tiff(entry, next: next)))
            #expect(photo.orientation == 1)
            #expect(photo.problems == [problem])
        }
    }

    @Test func ofTwoEntriesTheFirstCounts() {
        let photo = PhotoMetadata(ofImage: TestPhoto.jpeg(Self.tiff([0x12, 0x01, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0])))
        #expect(photo.orientation == 8)
        #expect(photo.problems.isEmpty)
    }

    @Test func valuesMayFollowADirectoryWithoutANextOne() {
        // The Exif directory at 38 has one entry and no offset of a successor: its value, at 52, follows at once.
        let pointer: [UInt8] = [0x69, 0x87, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]
        let exif: [UInt8] = [1, 0, 0x9D, 0x82, 5, 0, 1, 0, 0, 0, 52, 0, 0, 0, 28, 0, 0, 0, 10, 0, 0, 0]
        #expect(PhotoMetadata(ofImage: TestPhoto.jpeg(Self.tiff(pointer) + exif)).fNumber == 2.8)
    }

    @Test func manyEntriesOfLargeValuesAreReadInAMoment() {
        // Each is of 59 904 bytes from the header on.
        let entry: [UInt8] = [0x0F, 0x01, 2, 0, 0x00, 0xEA, 0, 0, 8, 0, 0, 0]
        let tiff = Array("II".utf8) + [42, 0, 8, 0, 0, 0, 0x88, 0x13] + Array(repeating: entry, count: 5000).joined()
        let photo = PhotoMetadata(ofImage: TestPhoto.jpeg(tiff))
        #expect(photo.make != nil)
        #expect(photo.problems.isEmpty)
    }

    @Test func whatLiesBehind64KiBCountsAsOutside() {
        let text = Array("Canon".utf8) + [0]
        for (start, make) in [(65_522, "Canon"), (65_523, nil), (70_000, nil)] {
            let place = [start & 0xFF, start >> 8 & 0xFF, start >> 16].map { UInt8($0) } + [0]
            let head = Self.tiff([0x0F, 0x01, 2, 0, 6, 0, 0, 0] + place)
            let file = TestPhoto.png(head + Array(repeating: 0, count: start - head.count) + text)
            #expect(PhotoMetadata(ofImage: file).make == make)
            #expect(PhotoMetadata(ofImage: file).problems == (make == nil ? ["make"] : []))
        }
    }
}
