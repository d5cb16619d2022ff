import Domain
import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// A video of ten hours costs what one of ten minutes costs, but for a few bytes a frame.
@Suite struct LongVideoTests {
    /// One minute at 30 frames a second, again and again.
    private static func repeated(_ count: Int, _ minute: NumberedVideo) throws -> String {
        let path = minute.file("\(count).mp4")
        try NumberedVideo.run(
            "ffmpeg", ["-v", "error", "-stream_loop", "\(count - 1)", "-i", minute.path, "-c", "copy", path])
        return path
    }

    private static func makeMinute() throws -> NumberedVideo {
        try NumberedVideo(
            "-vf trim=end_frame=1,loop=1799:1,setpts=N -c:v libx264 -preset ultrafast -bf 2 -g 60", as: "mp4",
            frameCount: 1800, size: "64x64")
    }

    /// The most memory that this process had in use since ``forgetPeak()``, in bytes.
    private static func peakMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber))) * 1024
    }

    /// See proc_pid_clear_refs(5).
    private static func forgetPeak() throws {
        try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    }

    /// Memory in use at most while the video at `path` is indexed and its last clip is made.
    private static func peakMemory(ofLastClipOf path: String) async throws -> Int {
        try self.forgetPeak()
        let source = try SourceFile(path: path)
        let index = try await MediaIndex.build(of: source)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: 5, framesPerClip: 120)
        _ = try await ClipProducer(source: source, index: index, settings: .quick)
            .make(plan.clip(at: plan.clipCount - 1), at: path + ".clip.mp4")
        return try self.peakMemory()
    }

    @Test func tenHoursTakeAHundredBytesAFrameMoreThanTenMinutes() async throws {
        let minute = try Self.makeMinute()
        let short = try Self.repeated(10, minute)
        let long = try Self.repeated(600, minute)
        // In a process of its own, where no other test takes memory.
        await #expect(processExitsWith: .success) { [short = short as String, long = long as String] in
            let little = try await Self.peakMemory(ofLastClipOf: short)
            let much = try await Self.peakMemory(ofLastClipOf: long)
            #expect(much - little <= 590 * 1800 * 100)
        }
    }

    @Test func theLastClipOfTenHoursDecodesItsOwnPicturesOnly() async throws {
        let minute = try Self.makeMinute()
        let source = try SourceFile(path: try Self.repeated(600, minute))
        let index = try await MediaIndex.build(of: source)
        #expect(index.timeline.frameCount == 600 * 1800)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: 30, framesPerClip: 120)
        var pictures = try PictureReader(reading: source, by: index, limits: .standard)
        var shown: [Int32] = []
        let positions = plan.clip(at: plan.clipCount - 1).positions
        try pictures.forEachFrame(at: positions) { frame, _ in
            shown.append(Int32(frame.position))
            return true
        }
        #expect(shown == Array(positions))
        // At most from the keyframe before.
        #expect(pictures.decodedPacketCount <= 120 + 60)
    }
}
