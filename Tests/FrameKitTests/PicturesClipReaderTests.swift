import Annotation
import Foundation
import Synchronization
import Testing

@testable import FrameKit

/// Frames of a clip come by number, whatever the order.
@Suite struct PicturesClipReaderTests {
    static let orders: [(name: String, numbers: [Int])] = [
        ("forward", Array(1...60)),
        ("backward", (1...60).reversed()),
        ("scattered", (0..<60).map { $0 * 37 % 60 + 1 }),
        ("every seventh", Array(stride(from: 1, through: 60, by: 7))),
        ("twice the same", [30, 30, 1, 1, 60, 60, 59, 58]),
    ]

    @Test(arguments: orders)
    func frameShowsItsNumber(name: String, numbers: [Int]) async throws {
        let video = try NumberedVideo("-c:v libx264 -crf 16 -preset veryfast -bf 3 -b_strategy 0 -g 20", as: "mp4")
        let reader = try await ClipReader.open(video.path, size: PictureSize(width: 320, height: 180))
        #expect(reader.frameCount == 60)
        for number in numbers {
            let picture = try await reader.picture(ofFrame: number)
            #expect(try Self.number(in: picture) == number - 1)
        }
    }

    @Test func pixelsAreThoseOfAPlainDecode() async throws {
        let video = try NumberedVideo("-c:v libx264 -crf 16 -bf 3 -b_strategy 0 -g 20", as: "mp4", frameCount: 30)
        let decoded = try NumberedVideo.run(
            "ffmpeg", ["-v", "error", "-i", video.path, "-vf", "extractplanes=y", "-f", "rawvideo", "-"])
        let reader = try await ClipReader.open(video.path, size: PictureSize(width: 320, height: 180))
        for number in [1, 30, 2, 17, 16] {
            let picture = try await reader.picture(ofFrame: number)
            var luma: [UInt8] = []
            for row in 0..<180 {
                picture.frame.withRow(row, ofPlane: 0, byteCount: 320) { samples in
                    for index in samples.indices { luma.append(samples[index]) }
                }
            }
            #expect(luma == Array(decoded[(number - 1) * 320 * 180..<number * 320 * 180]))
        }
    }

    @Test func frameBeyondTheClipIsRefused() async throws {
        let video = try NumberedVideo("-c:v libx264 -preset ultrafast", as: "mp4", frameCount: 3)
        let reader = try await ClipReader.open(video.path, size: PictureSize(width: 320, height: 180))
        for number in [0, 4, -1] {
            await #expect { try await reader.picture(ofFrame: number) } throws: {
                ($0 as? MediaError)?.code == .unreadable
            }
        }
        #expect(try await reader.picture(ofFrame: 3).width == 320)
    }

    @Test(arguments: [(322, 180), (318, 180), (320, 178), (320, 181)])
    func clipOfAnotherSizeIsRefused(width: Int, height: Int) async throws {
        let video = try NumberedVideo("-c:v libx264 -preset ultrafast", as: "mp4", frameCount: 1)
        await #expect {
            try await ClipReader.open(video.path, size: PictureSize(width: width, height: height))
        } throws: {
            ($0 as? MediaError)?.code == .unreadable
        }
    }

    /// What an annotator gets while a clip is made is what it gets from the source: turned upright, with square pixels,
    /// without the pad.
    @Test func pictureOfAFittedFrameHasNoPad() async throws {
        let video = try NumberedVideo("-c:v libx264 -preset ultrafast -vf setsar=5/4", as: "mp4", size: "320x180")
        let source = try SourceFile(path: video.path)
        let index = try await MediaIndex.build(of: source)
        let seen = Mutex<[String]>([])
        let receive: PictureReceiver = { picture, number throws(MediaError) in
            seen.withLock { $0.append("\(number): \(picture.width)×\(picture.height)") }
        }
        var fitter = PictureFitter(fitting: index.geometry)
        var pictures = try PictureReader(reading: source, by: index, limits: .standard)
        try pictures.forEachPicture(at: [0, 7][...]) { position, frame throws(MediaError) in
            let fitted = try fitter.fit(frame)
            try receive(Picture(fitted: fitted, geometry: index.geometry), position + 1)
            return true
        }
        #expect(index.geometry.paddedWidth == 400)
        #expect(seen.withLock { $0 } == ["1: 400×180", "8: 400×180"])
    }

    /// The number that the strip in the upper left corner shows.
    private static func number(in picture: Picture) throws -> Int {
        let gray = try picture.gray
        return (0..<NumberedVideo.cellCount).reduce(0) { number, bit in
            let sample = NumberedVideo.cell / 2 * picture.width + bit * NumberedVideo.cell + NumberedVideo.cell / 2
            return gray[sample] > 127 ? number | 1 << bit : number
        }
    }
}
