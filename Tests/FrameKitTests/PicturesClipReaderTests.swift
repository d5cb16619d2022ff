import Domain
import Foundation
import Synchronization
import TestSupport
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
            #expect(try picture.shownNumber == number - 1)
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

    @Test(arguments: orders.filter { $0.numbers == $0.numbers.sorted() && $0.name != "twice the same" })
    func loopShowsTheWantedFramesInOrder(name: String, numbers: [Int]) async throws {
        let video = try NumberedVideo("-c:v libx264 -crf 16 -preset veryfast -bf 3 -b_strategy 0 -g 20", as: "mp4")
        let reader = try await ClipReader.open(video.path, size: PictureSize(width: 320, height: 180))
        let seen = Mutex<[Int]>([])
        try await reader.forEachPicture(ofFrames: numbers) { picture, number in
            let shown = try picture.shownNumber
            #expect(shown == number - 1)
            seen.withLock { $0.append(number) }
        }
        #expect(seen.withLock { $0 } == numbers)
        #expect(try await reader.picture(ofFrame: 7).shownNumber == 6)
    }

    @Test func loopEndsWithWhatTheObserverThrows() async throws {
        let video = try NumberedVideo("-c:v libx264 -preset ultrafast", as: "mp4")
        let reader = try await ClipReader.open(video.path, size: PictureSize(width: 320, height: 180))
        let last = Mutex(0)
        await #expect(throws: ObserverFailure()) {
            try await reader.forEachPicture(ofFrames: 1...60) { _, number in
                last.withLock { $0 = number }
                if number == 5 { throw ObserverFailure() }
            }
        }
        #expect(last.withLock { $0 } == 5)
        await #expect { try await reader.forEachPicture(ofFrames: 58...61) { _, _ in } } throws: {
            ($0 as? MediaError)?.code == .unreadable
        }
    }

    @Test func loopNamesTheFrameThatDoesNotDecode() async throws {
        let video = try NumberedVideo("-c:v libx264 -preset ultrafast -bf 0 -g 10", as: "mp4", frameCount: 30)
        try DamagedVideoTests.damage(video, packets: 10...19)
        let reader = try await ClipReader.open(video.path, size: PictureSize(width: 320, height: 180))
        await #expect {
            try await reader.forEachPicture(ofFrames: 1...30) { _, _ in }
        } throws: { error in
            (error as? MediaError)?.description.contains("frame 11 of video.mp4") == true
        }
    }
}
