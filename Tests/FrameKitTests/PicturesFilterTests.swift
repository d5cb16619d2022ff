import Testing

@testable import FrameKit

/// Operations in libavfilter's words do what they say, picture after picture.
@Suite struct PicturesFilterTests {
    static let operations: [(filters: String, width: Int, height: Int, source: @Sendable (Int, Int) -> (Int, Int))] = [
        ("hflip", 64, 36, { (63 - $0, $1) }),
        ("vflip", 64, 36, { ($0, 35 - $1) }),
        ("hflip,vflip", 64, 36, { (63 - $0, 35 - $1) }),
        ("transpose=clock", 36, 64, { ($1, 35 - $0) }),
        ("transpose=cclock", 36, 64, { (63 - $1, $0) }),
        ("crop=32:20:10:4", 32, 20, { ($0 + 10, $1 + 4) }),
        ("split[a][b];[a]nullsink;[b]hflip", 64, 36, { (63 - $0, $1) }),
    ]

    @Test(arguments: operations.indices)
    func pixelsMoveAsTheFilterSays(index: Int) async throws {
        let operation = Self.operations[index]
        let picture = try await PictureMedia().picture(of: "testsrc2=s=64x36")
        let before = try picture.gray
        var filter = try PictureFilter(operation.filters)
        let changed = try filter.apply(to: picture)
        #expect(changed.size == PictureSize(width: operation.width, height: operation.height))
        let after = try changed.gray
        for y in 0..<operation.height {
            for x in 0..<operation.width {
                let (sourceX, sourceY) = operation.source(x, y)
                #expect(after[y * operation.width + x] == before[sourceY * 64 + sourceX])
            }
        }
        #expect(try filter.apply(to: picture).rgb == changed.rgb)
    }

    @Test func filterServesPicturesOfSeveralFormats() async throws {
        let media = try PictureMedia()
        var filter = try PictureFilter("rotate=PI/6:fillcolor=black,eq=brightness=0.1")
        for (width, height) in [(64, 36), (36, 64), (64, 36)] {
            let picture = try await media.picture(of: "testsrc2=s=\(width)x\(height)")
            var fresh = try PictureFilter("rotate=PI/6:fillcolor=black,eq=brightness=0.1")
            let changed = try filter.apply(to: picture)
            #expect(changed.size == picture.size)
            #expect(try changed.rgb == fresh.apply(to: picture).rgb)
        }
    }

    /// Also pictures whose rows lie upside down in memory, or that are RGB by now.
    @Test(arguments: ["vflip", "format=gbrp,vflip", "format=rgb24,hflip", "format=yuv444p", "format=gray"])
    func changedPictureFeedsTheRestToo(filters: String) async throws {
        let media = try PictureMedia()
        var filter = try PictureFilter(filters)
        let changed = try filter.apply(to: await media.picture(of: "testsrc2=s=320x180"))
        let rgb = try changed.rgb
        var encoder = try JPEGEncoder(quality: 98)
        // Colour is halved on the way into JPEG and into thumbnails, so sharp edges differ a little.
        #expect(likeness(try media.pixels(ofFile: encoder.encode(changed)), rgb) > 27)
        var thumbnails = ThumbnailRenderer(fitting: PictureSize(width: 160, height: 160))
        let thumbnail = try thumbnails.thumbnail(of: changed)
        var reader = LetterboxReader(for: PictureSize(width: 160, height: 90))
        var planes = [Float](repeating: -1, count: reader.elementCount)
        var span = planes.mutableSpan
        _ = try reader.read(changed, into: &span)
        let letterboxed = (0..<planes.count).map { UInt8((planes[$0 % 3 * 160 * 90 + $0 / 3] * 255).rounded()) }
        #expect(likeness(try thumbnail.rgb, letterboxed) > 23)
    }

    @Test(arguments: [
        "", "hflop", "scale=nonsense=3", "hflip;vflip", "split", "[0][1]overlay", "color=red", "nullsink",
        "hflip=1:2:3",
    ])
    func nonsenseIsRefusedBeforeThereIsAPicture(filters: String) {
        #expect {
            let filter = try PictureFilter(filters)
            _ = consume filter
        } throws: {
            ($0 as? MediaError)?.code == .encoderFailure
        }
    }

    @Test func filterThatDoesNotSuitThePictureThrows() async throws {
        let picture = try await PictureMedia().picture(of: "testsrc2=s=64x36")
        #expect {
            var filter = try PictureFilter("crop=100:100")
            _ = try filter.apply(to: picture)
        } throws: {
            ($0 as? MediaError)?.code == .encoderFailure
        }
    }
}
