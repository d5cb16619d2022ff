import Annotation
import Foundation
import Glibc
import Synchronization
import Testing

@testable import FrameKit

/// What is refused, and with which word.
@Suite struct SourceTests {
    let directory: URL

    init() throws {
        self.directory = FileManager.default.temporaryDirectory.appendingPathComponent("source-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.directory, withIntermediateDirectories: true)
    }

    private func file(_ name: String, _ text: String) throws -> String {
        let url = self.directory.appendingPathComponent(name)
        try Data(text.utf8).write(to: url)
        return url.path
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
        let pipe = self.directory.appendingPathComponent("pipe.mp4").path
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [pipe, self.directory.path, "/dev/zero", "/nowhere/at-all.mp4"] {
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
        let path = self.directory.appendingPathComponent("sound.mp4").path
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
        let maker = ClipMaker(source: source, index: index)
        #expect(
            await self.code { try await maker.make(plan.clip(at: 0), at: video.file("clip.mp4")) } == .sourceChanged)
    }

    @Test func cancellationEndsAClipWithinASecond() async throws {
        let video = try NumberedVideo(
            "-c:v libx264 -preset ultrafast -vf scale=1280:720,loop=loop=60:size=30:start=0 -t 60", as: "mp4",
            frameCount: 1800)
        let source = try SourceFile(path: video.path)
        let index = try await MediaIndex.build(of: source)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: 30, framesPerClip: 10_000)
        let maker = ClipMaker(source: source, index: index, settings: EncodingSettings(preset: .medium))
        let clock = ContinuousClock()
        let lastFrame = Mutex(clock.now)
        // Unstructured, because a clip is cancelled from outside.
        let task = Task {
            try await maker.make(plan.clip(at: 0), at: video.file("clip.mp4")) { _ in
                lastFrame.withLock { $0 = clock.now }
            }
        }
        try await Task.sleep(for: .milliseconds(300))
        let cancellation = clock.now
        task.cancel()
        #expect(await self.code { try await task.value } == .cancelled)
        // Not when this test went on: others occupy the threads of the pool.
        #expect(lastFrame.withLock { $0 } - cancellation < .seconds(1))
    }
}
