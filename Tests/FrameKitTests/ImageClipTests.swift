import Domain
import Foundation
import TestSupport
import Testing

@testable import FrameKit

@Suite struct ImageClipTests {
    /// EXIF's eight orientations and where the upper left corner of a stored 40×20 picture is shown.
    static let orientations: [(Int, width: Int, height: Int, right: Bool, bottom: Bool)] = [
        (1, 40, 20, false, false), (2, 40, 20, true, false), (3, 40, 20, true, true), (4, 40, 20, false, true),
        (5, 20, 40, false, false), (6, 20, 40, true, false), (7, 20, 40, true, true), (8, 20, 40, false, true),
    ]

    /// A JPEG whose upper left corner is white.
    private static func corner(orientation: Int) throws -> [UInt8] {
        let jpeg = try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", "color=black:s=40x20,drawbox=w=10:h=10:c=white:t=fill"]
                + ["-frames:v", "1", "-q:v", "1", "-f", "mjpeg", "-"])
        let tiff: [UInt8] = [
            0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0, 0, 0, 0, 0,
        ]
        let segment = Array("Exif".utf8) + [0, 0] + tiff
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, UInt8(segment.count + 2)] + segment + jpeg.dropFirst(2)
    }

    @Test(arguments: orientations)
    func imagesAreTurnedAsEXIFSays(
        orientation: Int, width: Int, height: Int, isRight: Bool, isBottom: Bool
    ) throws {
        let image = try ImageDecoder.decode(
            Self.corner(orientation: orientation), name: "a.jpg", limits: .standard)
        #expect(image.size == PictureSize(width: width, height: height))
        let (picture, placement) = try ImageCanvas(for: [image.size]).picture(of: image)
        #expect((placement.x, placement.y, placement.scale) == (0, 0, 1))
        var reader = PixelReader(.gray)
        let pixels = try reader.pixels(of: picture)
        let (row, column) = (isBottom ? height - 5 : 5, isRight ? width - 5 : 5)
        #expect(pixels[row * width + column] > 200)
        #expect(pixels[(height - 1 - row) * width + width - 1 - column] < 50)
    }

    @Test func otherBytesAreNoImage() throws {
        for bytes in [[], [0xFF], Array("GIF89a".utf8), [0xFF, 0xD8, 0xFF, 0xE0, 0, 4]] as [[UInt8]] {
            do throws(MediaError) {
                _ = try ImageDecoder.decode(bytes, name: "x", limits: .standard)
                Issue.record("\(bytes) were decoded")
            } catch {
                #expect(error.code == .unreadable)
            }
        }
    }

    @Test func largeImagesFitIntoFullHD() throws {
        let bytes = try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", "color=red:s=4000x1000", "-frames:v", "1", "-f", "mjpeg", "-"])
        let image = try ImageDecoder.decode(bytes, name: "a.jpg", limits: .standard)
        let (picture, placement) = try ImageCanvas(for: [image.size]).picture(of: image)
        #expect((picture.width, picture.height) == (1920, 480))
        #expect((placement.width, placement.height, placement.scale) == (4000, 1000, 0.48))
    }
}
