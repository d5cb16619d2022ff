import Foundation
import TestSupport
import Testing

@testable import FrameKit

@Suite struct PicturesMemoryTests {
    /// One picture in all forms takes about 600 kB, so 2,000 lost ones would be 1.2 GB.
    @Test func twoThousandPicturesTakeTheRoomOfAFew() async throws {
        let video = try NumberedVideo("-c:v libx264 -preset ultrafast -g 30", as: "mp4", frameCount: 100)
        let reader = try await ClipReader.open(video.path, size: PictureSize(width: 319, height: 179))
        var rgb = PixelReader(.rgb)
        var encoder = try JPEGEncoder(quality: 90)
        var thumbnails = ThumbnailRenderer()
        var filter = try PictureFilter("hflip")
        var letterboxes = LetterboxReader(for: PictureSize(width: 96, height: 96))
        var planes = [Float](repeating: 0, count: letterboxes.elementCount)
        var before = 0
        for count in 0..<2000 {
            let picture = try await reader.picture(ofFrame: count % 100 + 1)
            _ = try rgb.pixels(of: filter.apply(to: picture))
            _ = try encoder.encode(thumbnails.thumbnail(of: picture))
            var span = planes.mutableSpan
            _ = try letterboxes.read(picture, into: &span)
            if count == 200 { before = try Self.residentKilobytes() }
        }
        #expect(try Self.residentKilobytes() - before < 100_000)
    }

    private static func residentKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return try #require(line.split(whereSeparator: { $0 == " " || $0 == "\t" }).compactMap { Int($0) }.first)
    }
}
