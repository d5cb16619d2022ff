import Domain
import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// Images of datasets come from the uploaded files: upright, whole, in their own pixels.
@Suite struct OriginalPictureTests {
    private static let canvas = Canvas(width: 41, height: 23)

    /// A picture in which no two corners are alike.
    private static func makeFile(
        _ codec: String, form: String, in folder: TestFolder, _ canvas: Canvas = canvas
    ) throws -> (path: String, bytes: [UInt8]) {
        let path = folder.file("picture")
        try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-y", "-f", "lavfi", "-i"]
                + ["testsrc2=s=64x64,format=rgb24,crop=\(canvas.width):\(canvas.height):0:0:exact=1"]
                + ["-frames:v", "1", "-pix_fmt", form, "-c:v"]
                + codec.split(separator: " ").map(String.init) + ["-f", "image2pipe", path])
        return (path, [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    }

    /// `file`, a JPEG, with an EXIF segment.
    private static func with(orientation: Int, _ file: [UInt8]) -> [UInt8] {
        let tiff: [UInt8] = [
            0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0, 0, 0, 0, 0,
        ]
        let segment = Array("Exif".utf8) + [0, 0] + tiff
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, UInt8(segment.count + 2)] + segment + file.dropFirst(2)
    }

    private static func gray(_ picture: Picture) throws -> [UInt8] {
        var reader = PixelReader(.gray)
        return try reader.pixels(of: picture)
    }

    @Test(arguments: [
        ("mjpeg -q:v 2", "yuvj420p", true), ("mjpeg -q:v 2", "yuvj422p", true), ("mjpeg -q:v 2", "yuvj444p", true),
        ("png", "rgb24", false), ("png", "rgba", false), ("png", "gray", false), ("png", "rgb48be", false),
        ("png", "pal8", false), ("libwebp -lossless 1", "bgra", false),
    ])
    func everyKindKeepsItsPixels(codec: String, form: String, isPlainJPEG: Bool) throws {
        let folder = try TestFolder()
        let file = try Self.makeFile(codec, form: form, in: folder)
        let original = try OriginalPicture(file.bytes, name: "a", canvas: Self.canvas)
        #expect(original.isPlainJPEG == isPlainJPEG)
        #expect((original.picture.width, original.picture.height) == (41, 23))
        let expected = try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-f", "image2pipe", "-i", file.path, "-vf"]
                + ["scale=out_color_matrix=bt601:out_range=full:flags=accurate_rnd+full_chroma_int,format=yuvj444p"]
                + ["-f", "rawvideo", "-"])
        let luma = try Self.gray(original.picture)
        #expect(luma.count == 41 * 23)
        #expect(zip(luma, expected).allSatisfy { abs(Int($0) - Int($1)) <= 2 })
    }

    @Test(arguments: [("png", "rgb24"), ("mjpeg -q:v 1", "yuvj444p"), ("mjpeg -q:v 1", "yuvj422p")])
    func fineColoursStayFineInJPEG(codec: String, form: String) throws {
        let folder = try TestFolder()
        let file = try Self.makeFile(codec, form: form, in: folder)
        let original = try OriginalPicture(file.bytes, name: "a", canvas: Self.canvas)
        var encoder = try JPEGEncoder(quality: 100)
        let encoded = try encoder.encode(original.picture, keepsFullChroma: true)
        let again = try OriginalPicture(encoded, name: "b", canvas: Self.canvas)
        #expect(again.picture.frame.format.pixelFormat == original.picture.frame.format.pixelFormat)
        var reader = PixelReader(.rgb)
        let (before, after) = (try reader.pixels(of: original.picture), try reader.pixels(of: again.picture))
        #expect(zip(before, after).allSatisfy { abs(Int($0) - Int($1)) <= 6 })
    }

    @Test(arguments: 2...8)
    func turnedPicturesAreUprightAndNotPassedOn(orientation: Int) throws {
        let folder = try TestFolder()
        let file = try Self.makeFile("mjpeg -q:v 1", form: "yuvj444p", in: folder).bytes
        let stored = try Self.gray(OriginalPicture(file, name: "a", canvas: Self.canvas).picture)
        let isLying = orientation > 4
        let canvas = Canvas(width: isLying ? 23 : 41, height: isLying ? 41 : 23)
        let original = try OriginalPicture(Self.with(orientation: orientation, file), name: "a", canvas: canvas)
        #expect(!original.isPlainJPEG)
        let shown = try Self.gray(original.picture)
        // EXIF 2.32, table 6: which side of the stored picture the first row and column are.
        let swapped = (0..<canvas.height).flatMap { y in
            (0..<canvas.width).map { x in
                let (column, row) = isLying ? (y, x) : (x, y)
                let isMirrored = [2, 3, 7, 8].contains(orientation)
                let isFlipped = [3, 4, 6, 7].contains(orientation)
                return stored[(isFlipped ? 22 - row : row) * 41 + (isMirrored ? 40 - column : column)]
            }
        }
        #expect(zip(shown, swapped).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }

    @Test func orientationOneIsPassedOn() throws {
        let folder = try TestFolder()
        let file = try Self.makeFile("mjpeg -q:v 2", form: "yuvj420p", in: folder).bytes
        #expect(try OriginalPicture(Self.with(orientation: 1, file), name: "a", canvas: Self.canvas).isPlainJPEG)
    }

    @Test func printColoursAreNotPassedOn() throws {
        let folder = try TestFolder()
        var file = try Self.makeFile("mjpeg -q:v 2", form: "yuvj420p", in: folder).bytes
        #expect(ImageHeader(file)?.componentCount == 3)
        // The frame header: its length, the precision, two sides, and the count.
        let header = try #require(
            file.indices.first { file[$0...].starts(with: [0xFF, 0xC0, 0, 17, 8, 0, 23, 0, 41, 3]) })
        file[header + 9] = 4
        #expect(ImageHeader(file)?.componentCount == 4)
    }

    @Test func whatIsNotWholeOrOfAnotherSizeIsRejected() throws {
        let folder = try TestFolder()
        let file = try Self.makeFile("mjpeg -q:v 2", form: "yuvj420p", in: folder).bytes
        let canvases = [Self.canvas, Canvas(width: 23, height: 41)]
        for (bytes, canvas) in [
            ([UInt8](file.prefix(file.count / 2)), canvases[0]), (file, canvases[1]), ([], canvases[0]),
        ] {
            do throws(MediaError) {
                _ = try OriginalPicture(bytes, name: "a.jpg", canvas: canvas)
                Issue.record("\(bytes.count) bytes were taken")
            } catch {
                #expect(error.code == .unreadable)
                #expect(error.message.contains("a.jpg"))
            }
        }
    }
}
