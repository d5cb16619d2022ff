import TestSupport
import Testing

@testable import FrameKit

/// A model sees the whole picture, centred on grey, and its boxes find the way back.
@Suite struct PicturesLetterboxTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let picture: PictureSize
        let input: PictureSize
        let inner: PictureSize
        let left: Int
        let top: Int
        var testDescription: String { "\(self.picture) in \(self.input)" }

        init(_ picture: (Int, Int), in input: (Int, Int), gives inner: (Int, Int), left: Int, top: Int) {
            self.picture = PictureSize(width: picture.0, height: picture.1)
            self.input = PictureSize(width: input.0, height: input.1)
            self.inner = PictureSize(width: inner.0, height: inner.1)
            self.left = left
            self.top = top
        }
    }

    static let cases: [Case] = [
        Case((1280, 720), in: (640, 640), gives: (640, 360), left: 0, top: 140),
        Case((642, 362), in: (320, 320), gives: (320, 180), left: 0, top: 70),
        Case((362, 642), in: (320, 320), gives: (180, 320), left: 70, top: 0),
        Case((160, 120), in: (320, 320), gives: (320, 240), left: 0, top: 40),
        Case((641, 361), in: (320, 320), gives: (320, 180), left: 0, top: 70),
        Case((500, 333), in: (320, 320), gives: (320, 213), left: 0, top: 53),
        Case((300, 300), in: (640, 384), gives: (384, 384), left: 128, top: 0),
    ]

    @Test(arguments: cases)
    func geometryIsThatOfUltralytics(example: Case) {
        let letterbox = Letterbox(of: example.picture, in: example.input)
        #expect(letterbox.inner == example.inner)
        #expect(letterbox.left == example.left)
        #expect(letterbox.top == example.top)
    }

    /// A white mark on black, found in the planes and mapped back.
    @Test(arguments: cases)
    func markIsFoundWhereItWasDrawn(example: Case) async throws {
        let (width, height) = (example.picture.width, example.picture.height)
        let mark = (x: width / 3, y: height / 4, width: width / 5, height: height / 3)
        let picture = try await PictureMedia().picture(
            of: "color=black:s=\(width + width % 2)x\(height + height % 2),format=gbrp,"
                + "drawbox=x=\(mark.x):y=\(mark.y):w=\(mark.width):h=\(mark.height):c=white:t=fill",
            pad: (width % 2, height % 2))
        var reader = LetterboxReader(for: example.input)
        var planes = [Float](repeating: -1, count: reader.elementCount)
        var span = planes.mutableSpan
        let letterbox = try reader.read(picture, into: &span)
        let bright = planes[..<(example.input.width * example.input.height)].indices.filter { planes[$0] > 0.72 }
        let columns = bright.map { $0 % example.input.width }
        let rows = bright.map { $0 / example.input.width }
        let start = letterbox.pictureLocation(x: Double(columns.min() ?? 0), y: Double(rows.min() ?? 0))
        let end = letterbox.pictureLocation(x: Double((columns.max() ?? 0) + 1), y: Double((rows.max() ?? 0) + 1))
        let pixel = max(1 / letterbox.scaleX, 1 / letterbox.scaleY, 1) + 1
        #expect(abs(start.x - Double(mark.x)) <= pixel)
        #expect(abs(start.y - Double(mark.y)) <= pixel)
        #expect(abs(end.x - Double(mark.x + mark.width)) <= pixel)
        #expect(abs(end.y - Double(mark.y + mark.height)) <= pixel)
    }

    @Test func planesAreRedGreenAndBlueOnGray() async throws {
        let media = try PictureMedia()
        let input = PictureSize(width: 96, height: 96)
        var reader = LetterboxReader(for: input)
        var batch = [Float](repeating: -1, count: 2 * reader.elementCount)
        let drawings = ["color=c=0xff0080:s=64x32", "color=c=0x00ff40:s=32x64"]
        for (number, drawing) in drawings.enumerated() {
            let picture = try await media.picture(of: drawing)
            var all = batch.mutableSpan
            _ = try reader.read(picture, into: &all, at: number)
        }
        let planeCount = 96 * 96
        let center = 48 * 96 + 48
        let corner = Float(114) / 255
        for (number, color) in [[1, 0, 0.502], [0, 1, 0.251]].enumerated() {
            for channel in 0..<3 {
                let start = number * reader.elementCount + channel * planeCount
                #expect(abs(Double(batch[start + center]) - color[channel]) < 0.02)
                #expect(batch[start] == corner)
                #expect(batch[start + planeCount - 1] == corner)
            }
        }
        #expect(batch.allSatisfy { 0...1 ~= $0 })
    }

    /// Half the size: each pixel is the mean of four of what the `ffmpeg` program shows.
    @Test func scalingIsThatOfUltralytics() async throws {
        let media = try PictureMedia()
        let picture = try await media.picture(of: "testsrc2=s=640x360")
        let colors = try NumberedVideo.run(
            "ffmpeg", ["-v", "error", "-i", media.lastVideo, "-vf", "format=rgb24", "-f", "rawvideo", "-"])
        let expected = (0..<320 * 180 * 3).map { index -> UInt8 in
            let (row, column, channel) = (index / 960, index % 960 / 3, index % 3)
            let corner = (2 * row * 640 + 2 * column) * 3 + channel
            let sum = [0, 3, 1920, 1923].reduce(2) { $0 + Int(colors[corner + $1]) }
            return UInt8(sum / 4)
        }
        var reader = LetterboxReader(for: PictureSize(width: 320, height: 180))
        var planes = [Float](repeating: -1, count: reader.elementCount)
        var span = planes.mutableSpan
        _ = try reader.read(picture, into: &span)
        let planeCount = 320 * 180
        let found = (0..<planeCount * 3).map { UInt8((planes[$0 % 3 * planeCount + $0 / 3] * 255).rounded()) }
        let worst = zip(found, expected).map { abs(Int($0) - Int($1)) }.max()
        #expect(worst == 0)
    }
}
