import TestSupport
import Testing

@testable import FrameKit

/// Colours come back as they were drawn, whatever matrix and range the video uses.
@Suite struct PicturesPixelTests {
    struct Coding: Sendable, CustomTestStringConvertible {
        let matrix: String
        let range: String
        var testDescription: String { "\(self.matrix) \(self.range)" }

        static let all = ["bt601", "bt709"].flatMap { matrix in
            ["limited", "full"].map { Coding(matrix: matrix, range: $0) }
        }
    }

    static let colors: [(red: UInt8, green: UInt8, blue: UInt8)] = [
        (255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255), (200, 120, 40), (60, 140, 220),
        (128, 128, 128),
    ]

    /// Eight upright bars, 40 pixels wide.
    static let bars: String = {
        let inputs = Self.colors.enumerated().map { number, color in
            let hex = [color.red, color.green, color.blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            return "color=c=0x\(hex):s=40x180,format=gbrp[\(number)]"
        }
        return inputs.joined(separator: ";") + ";" + Self.colors.indices.map { "[\($0)]" }.joined() + "hstack=inputs=8"
    }()

    @Test(arguments: Coding.all)
    func colorsAreThoseThatWereDrawn(coding: Coding) async throws {
        let picture = try await PictureMedia().picture(of: Self.bars, matrix: coding.matrix, range: coding.range)
        let rgb = try picture.rgb
        #expect(rgb.count == 320 * 180 * 3)
        for (number, color) in Self.colors.enumerated() {
            let start = (90 * 320 + number * 40 + 20) * 3
            #expect(distance(rgb[start..<start + 3], [color.red, color.green, color.blue]) <= 4, "bar \(number)")
        }
    }

    @Test(arguments: Coding.all)
    func brightnessCoversTheFullRange(coding: Coding) async throws {
        let picture = try await PictureMedia().picture(of: Self.bars, matrix: coding.matrix, range: coding.range)
        let gray = try picture.gray
        #expect(gray.count == 320 * 180)
        for (number, level) in [(0, 255), (1, 0), (7, 128)] {
            #expect(abs(Int(gray[90 * 320 + number * 40 + 20]) - level) <= 2, "bar \(number)")
        }
    }

    @Test(arguments: [(320, 180), (319, 180), (320, 179), (319, 179), (33, 17), (2, 2), (1, 1)])
    func pixelsAreThoseOfTheFFmpegProgramWithoutThePad(width: Int, height: Int) async throws {
        let media = try PictureMedia()
        let (right, bottom) = (width % 2, height % 2)
        let drawing = "testsrc2=s=\(width + right)x\(height + bottom)"
        let path = media.file("clip.mp4")
        try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", drawing, "-frames:v", "1", "-pix_fmt", "yuv420p", "-c:v", "libx264"]
                + [path])
        let picture = try await ClipReader.open(path, size: PictureSize(width: width, height: height))
            .picture(ofFrame: 1)
        for (form, bytes) in [("rgb24", try picture.rgb), ("gray", try picture.gray)] {
            let expected = try NumberedVideo.run(
                "ffmpeg",
                ["-v", "error", "-i", path, "-vf"]
                    + [
                        "scale=flags=bicubic+accurate_rnd+full_chroma_int,format=\(form),crop=\(width):\(height):0:0:exact=1"
                    ]
                    + ["-f", "rawvideo", "-"])
            #expect(bytes.count == expected.count)
            #expect(distance(bytes, expected) <= 2, "\(form)")
        }
    }

    @Test func onePictureFeedsAllAndStaysAsItIs() async throws {
        let picture = try await PictureMedia().picture(of: "testsrc2=s=320x180")
        let before = try picture.rgb
        var mirror = try PictureFilter("hflip,negate")
        var thumbnails = ThumbnailRenderer()
        _ = try mirror.apply(to: picture)
        _ = try thumbnails.thumbnail(of: picture)
        #expect(try picture.rgb == before)
    }

    @Test func readerFollowsPicturesOfOtherFormats() async throws {
        let media = try PictureMedia()
        var reader = PixelReader(.rgb)
        for size in [(64, 48), (32, 48), (64, 48)] {
            for coding in Coding.all {
                let picture = try await media.picture(
                    of: "color=c=0xc87828:s=\(size.0)x\(size.1)", matrix: coding.matrix, range: coding.range)
                let rgb = try reader.pixels(of: picture)
                #expect(rgb.count == size.0 * size.1 * 3)
                #expect(distance(rgb.prefix(3), [200, 120, 40]) <= 4)
            }
        }
    }
}
