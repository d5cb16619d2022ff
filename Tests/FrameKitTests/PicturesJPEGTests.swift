import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// JPEG files say what the pictures say.
@Suite struct PicturesJPEGTests {
    @Test(arguments: PicturesPixelTests.Coding.all)
    func colorsAreThoseThatWereDrawn(coding: PicturesPixelTests.Coding) async throws {
        let media = try PictureMedia()
        let picture = try await media.picture(
            of: PicturesPixelTests.bars, matrix: coding.matrix, range: coding.range)
        var encoder = try JPEGEncoder(quality: 95)
        let pixels = try media.pixels(ofFile: encoder.encode(picture))
        for (number, color) in PicturesPixelTests.colors.enumerated() {
            let start = (90 * 320 + number * 40 + 20) * 3
            #expect(distance(pixels[start..<start + 3], [color.red, color.green, color.blue]) <= 5, "bar \(number)")
        }
    }

    /// The source's own 4:2:0 is all that JPEG can keep: at the best quality it must be there still.
    @Test(arguments: [("bt709", 0), ("bt601", 0), ("bt709", 1), ("bt601", 1)])
    func bestQualityKeepsThePixels(matrix: String, pad: Int) async throws {
        let media = try PictureMedia()
        let picture = try await media.picture(of: "mandelbrot=s=320x180", matrix: matrix, pad: (pad, pad))
        var filter = try PictureFilter("crop=w=\(picture.width):h=\(picture.height):x=0:y=0:exact=1")
        var encoder = try JPEGEncoder(quality: 100)
        for shown in [picture, try filter.apply(to: picture)] {
            #expect(likeness(try media.pixels(ofFile: encoder.encode(shown)), try shown.evenPart) > 36)
        }
    }

    @Test func qualityCostsBytesAndGainsLikeness() async throws {
        let media = try PictureMedia()
        let picture = try await media.picture(of: "mandelbrot=s=320x180")
        let original = try picture.rgb
        var last = (byteCount: 0, likeness: 0.0)
        for (quality, atLeast) in [(30, 26.0), (60, 28), (80, 29), (92, 31), (100, 33)] {
            var encoder = try JPEGEncoder(quality: quality)
            let bytes = try encoder.encode(picture)
            let found = likeness(try media.pixels(ofFile: bytes), original)
            #expect(bytes.count > last.byteCount)
            #expect(found > last.likeness)
            #expect(found > atLeast, "quality \(quality)")
            last = (bytes.count, found)
        }
    }

    @Test(arguments: [(1, 1), (2, 2), (17, 33), (319, 179), (318, 179), (319, 180), (320, 180)])
    func fileHasTheSizeOfThePicture(width: Int, height: Int) async throws {
        let media = try PictureMedia()
        let pad = (right: width % 2, bottom: height % 2)
        let picture = try await media.picture(of: "testsrc2=s=\(width + pad.right)x\(height + pad.bottom)", pad: pad)
        var encoder = try JPEGEncoder(quality: 90)
        let path = media.file("image.jpg")
        try Data(encoder.encode(picture)).write(to: URL(fileURLWithPath: path))
        #expect(
            try NumberedVideo.probe(path, "stream=width,height,pix_fmt,color_range")
                == ["\(width),\(height),yuvj420p,pc"])
    }

    @Test func bytesRepeat() async throws {
        let media = try PictureMedia()
        let picture = try await media.picture(of: "testsrc2=s=318x178", pad: (1, 1))
        let other = try await media.picture(of: "mandelbrot=s=64x64")
        var encoder = try JPEGEncoder(quality: 92)
        let first = try encoder.encode(picture)
        _ = try encoder.encode(other)
        var fresh = try JPEGEncoder(quality: 92)
        #expect(try encoder.encode(picture) == first)
        #expect(try fresh.encode(picture) == first)
    }

    @Test(arguments: [
        (1000, 500, 250, 125), (500, 1000, 125, 250), (640, 362, 250, 141), (250, 250, 250, 250), (100, 40, 100, 40),
        (1920, 2, 250, 1),
    ])
    func thumbnailKeepsTheShapeInsideTheBox(width: Int, height: Int, toWidth: Int, toHeight: Int) async throws {
        let media = try PictureMedia()
        let picture = try await media.picture(of: "color=c=0xc87828:s=\(width)x\(height)")
        var thumbnails = ThumbnailRenderer()
        let thumbnail = try thumbnails.thumbnail(of: picture)
        #expect(thumbnail.size == PictureSize(width: toWidth, height: toHeight))
        #expect(distance(try thumbnail.rgb.prefix(3), [200, 120, 40]) <= 4)
    }
}
