import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// The public way through a video: every frame once, with its number and time, wherever reading starts.
@Suite struct VideoReaderTests {
    @Test func everyFrameComesOnceInOrder() async throws {
        let video = try NumberedVideo("-c:v libx264 -preset ultrafast -bf 3 -g 12", as: "mp4", frameCount: 40)
        let reader = try await VideoReader.open(video.path)
        #expect(reader.frameCount == 40)
        var frames: [VideoFrame] = []
        while let frame = try await reader.next() { frames.append(frame) }
        #expect(frames.map(\.number) == Array(0..<40))
        #expect(frames.allSatisfy { $0.pixels.count == $0.width * $0.height * 3 && !$0.isDamaged })
        for frame in frames {
            let expected = Duration.seconds(Double(frame.number) / 30)
            #expect(abs((frame.time - expected) / .milliseconds(1)) < 1)
        }
        #expect(Set(frames.map(\.pixels)).count == 40)
    }

    @Test func aFrameAfterAJumpIsTheSameAsWithoutIt() async throws {
        let video = try NumberedVideo("-c:v libx264 -preset ultrafast -bf 3 -g 12", as: "mkv", frameCount: 40)
        let inOrder = try await VideoReader.open(video.path)
        var pixels: [[UInt8]] = []
        while let frame = try await inOrder.next() { pixels.append(frame.pixels) }
        let jumping = try await VideoReader.open(video.path)
        for number in [39, 7, 20, 0, 38, 19] {
            await jumping.seek(toFrame: number)
            let frame = try await jumping.next()
            #expect(frame?.number == number)
            #expect(frame?.pixels == pixels[number])
        }
        await jumping.seek(toFrame: 40)
        let end = try await jumping.next()
        #expect(end == nil)
    }

    @Test func aFileThatIsNoVideoIsNamed() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).mp4").path()
        try Data("no video".utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }  // A file that stays harms nothing.
        let error = await #expect(throws: MediaError.self) { try await VideoReader.open(path) }
        #expect(error?.code == .unreadable)
    }
}
