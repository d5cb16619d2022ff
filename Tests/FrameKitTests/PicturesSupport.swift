import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// Media that the `ffmpeg` program makes for one test, removed with the value.
final class PictureMedia: Sendable {
    private let folder: TestFolder

    init() throws { self.folder = try TestFolder() }

    func file(_ name: String) -> String { self.folder.file(name) }

    /// The video that ``picture(of:matrix:range:pad:)`` made last.
    var lastVideo: String { self.file("drawing.mp4") }

    /// A video of one frame and the picture in it.
    ///
    /// - Parameters:
    ///   - drawing: a source in libavfilter's syntax.
    ///   - pad: columns and rows that do not belong to the picture.
    func picture(
        of drawing: String, matrix: String = "bt709", range: String = "limited", pad: (right: Int, bottom: Int) = (0, 0)
    ) async throws -> Picture {
        let path = self.lastVideo
        try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-y", "-f", "lavfi", "-i", drawing, "-frames:v", "1", "-vf"]
                + ["scale=out_color_matrix=\(matrix):out_range=\(range):flags=accurate_rnd,format=yuv420p"]
                + [
                    "-colorspace", matrix == "bt601" ? "smpte170m" : matrix, "-color_range",
                    range == "full" ? "pc" : "tv",
                ]
                + ["-c:v", "libx264", "-qp", "1", "-preset", "ultrafast", path])
        let line = try #require(try NumberedVideo.probe(path, "stream=width,height").first)
        let sides = line.split(separator: ",").compactMap { Int($0) }
        let size = PictureSize(width: sides[0] - pad.right, height: sides[1] - pad.bottom)
        return try await ClipReader.open(path, size: size).picture(ofFrame: 1)
    }

    /// The pixels of an image file, red, green and blue, as the `ffmpeg` program reads them; without the last column or
    /// row of odd sizes, whose colour the program would stretch.
    func pixels(ofFile bytes: [UInt8]) throws -> [UInt8] {
        let path = self.file("\(UUID().uuidString).jpg")
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-i", path, "-vf"]
                + ["crop=floor(iw/2)*2:floor(ih/2)*2:0:0,scale=flags=bicubic+accurate_rnd+full_chroma_int,format=rgb24"]
                + ["-f", "rawvideo", "-"])
    }
}

extension Picture {
    var rgb: [UInt8] {
        get throws {
            var reader = PixelReader(.rgb)
            return try reader.pixels(of: self)
        }
    }

    /// ``rgb`` without the last column or row of odd sizes.
    var evenPart: [UInt8] {
        get throws {
            let rgb = try self.rgb
            return (0..<self.height / 2 * 2).flatMap { row in
                rgb[row * self.width * 3..<(row * self.width + self.width / 2 * 2) * 3]
            }
        }
    }

    var gray: [UInt8] {
        get throws {
            var reader = PixelReader(.gray)
            return try reader.pixels(of: self)
        }
    }

    /// The number that the strip of a ``NumberedVideo`` shows.
    var shownNumber: Int {
        get throws {
            let gray = try self.gray
            return (0..<NumberedVideo.cellCount).reduce(0) { number, bit in
                let sample = NumberedVideo.cell / 2 * self.width + bit * NumberedVideo.cell + NumberedVideo.cell / 2
                return gray[sample] > 127 ? number | 1 << bit : number
            }
        }
    }
}

/// Peak signal to noise ratio in dB, infinite for equal bytes.
func likeness(_ one: [UInt8], _ other: [UInt8]) -> Double {
    let squares = zip(one, other).reduce(0) { sum, pair in
        let difference = Int(pair.0) - Int(pair.1)
        return sum + difference * difference
    }
    return 10 * log10(255 * 255 * Double(one.count) / Double(squares))
}

/// The largest difference of two pixels in any channel.
func distance(_ one: some Sequence<UInt8>, _ other: some Sequence<UInt8>) -> Int {
    zip(one, other).map { abs(Int($0) - Int($1)) }.max() ?? 0
}
