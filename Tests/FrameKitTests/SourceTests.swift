import Domain
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import FrameKit

/// What is refused, and with which word.
@Suite struct SourceTests {
    private let folder: TestFolder

    init() throws { self.folder = try TestFolder() }

    private func file(_ name: String, _ text: String) throws -> String {
        let path = self.folder.file(name)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func code<Value>(_ body: () async throws -> Value) async -> MediaError.Code? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? MediaError)?.code
        }
    }

    @Test func onlyRegularFilesAreOpened() async throws {
        let pipe = self.folder.file("pipe.mp4")
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [pipe, self.folder.path, "/dev/zero", "/nowhere/at-all.mp4"] {
            #expect(await self.code { try SourceFile(path: path) } == .inaccessible, "\(path)")
        }
    }

    /// Playlists and lists of images name further files, so they are no videos here.
    @Test(arguments: [
        ("empty.mp4", ""),
        ("text.mp4", "not a video at all"),
        ("playlist.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\n/etc/passwd\n#EXT-X-ENDLIST\n"),
        ("concat.mp4", "ffconcat version 1.0\nfile /etc/passwd\n"),
        ("picture.mp4", "P5 2 2 255\n0000"),
    ])
    func whatIsNoVideoIsRefused(name: String, text: String) async throws {
        let source = try SourceFile(path: try self.file(name, text))
        #expect(await self.code { try await MediaIndex.build(of: source) } == .unreadable)
    }

    @Test func soundAloneIsNoVideo() async throws {
        let path = self.folder.file("sound.mp4")
        try NumberedVideo.run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "sine=d=1", path])
        let source = try SourceFile(path: path)
        #expect(await self.code { try await MediaIndex.build(of: source) } == .unreadable)
    }

    static let limits: [MediaLimits] = [
        MediaLimits(pixelCount: 320 * 180 - 1, duration: .seconds(60), streamCount: 4),
        MediaLimits(pixelCount: 320 * 180, duration: .seconds(1), streamCount: 4),
        MediaLimits(pixelCount: 320 * 180, duration: .seconds(60), streamCount: 0),
    ]

    @Test(arguments: limits)
    func limitsAreKept(limits: MediaLimits) async throws {
        let video = try NumberedVideo(ExactFrameTests.x264, as: "mp4")
        let source = try SourceFile(path: video.path)
        #expect(await self.code { try await MediaIndex.build(of: source, limits: limits) } == .limitExceeded)
    }

    @Test func aChangedSourceGivesNoClip() async throws {
        let video = try NumberedVideo(ExactFrameTests.x264, as: "mp4")
        let source = try SourceFile(path: video.path)
        let index = try await MediaIndex.build(of: source)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: 5, framesPerClip: 100)
        let handle = try FileHandle(forWritingTo: video.url)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data([0]))
        let producer = ClipProducer(source: source, index: index)
        #expect(
            await self.code { try await producer.make(plan.clip(at: 0), at: video.file("clip.mp4")) } == .sourceChanged)
    }

    @Test func cancellationEndsAClipWithinTwoFrames() async throws {
        let video = try NumberedVideo(
            "-c:v libx264 -preset ultrafast -vf scale=1280:720,loop=loop=60:size=30:start=0 -t 60", as: "mp4",
            frameCount: 1800)
        let source = try SourceFile(path: video.path)
        let index = try await MediaIndex.build(of: source)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: 30, framesPerClip: 10_000)
        let producer = ClipProducer(source: source, index: index, settings: EncodingSettings(preset: .medium))
        let isCancelled = Mutex(false)
        let lateFrames = Mutex(0)
        let hasBegun = AsyncStream<Void>.makeStream()
        // Unstructured, because a clip is cancelled from outside.
        let task = Task {
            try await producer.make(plan.clip(at: 0), at: video.file("clip.mp4")) { _ in
                if isCancelled.withLock({ $0 }) { lateFrames.withLock { $0 += 1 } }
                hasBegun.continuation.yield()
            }
        }
        for await _ in hasBegun.stream { break }
        isCancelled.withLock { $0 = true }
        task.cancel()
        #expect(await self.code { try await task.value } == .cancelled)
        // One was being written, another perhaps taken just before. In frames, since tests beside this one slow it
        // down.
        #expect(lateFrames.withLock { $0 } <= 2)
    }
}
