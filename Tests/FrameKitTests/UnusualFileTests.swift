import Domain
import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// Files whose times, streams or sizes are out of the ordinary show what a player shows, when it shows it.
@Suite struct UnusualFileTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let name: String
        let encoding: String
        let fileExtension: String
        /// Arguments of the `ffmpeg` program that make the file from the encoded `IN`; none when that is the file.
        var remux = ""
        var remuxedExtension = "mp4"
        /// The burnt-in numbers in the order of showing.
        var shown = Array(0..<60)
        /// When they are shown, in thirtieths of a second or the base given.
        var ticks = Array(Int64(0)..<60)
        var timeBase = Rational(1, 30)
        var testDescription: String { self.name }
    }

    static let plain = ExactFrameTests.x264 + "-bf 0 -g 15"
    static let milliseconds = " -vsync passthrough -enc_time_base 1/1000 -video_track_timescale 1000"
    static let jitter = (Int64(0)..<60).map { $0 * 40 + $0 * $0 * 7 % 30 }

    static let kinds: [Kind] = [
        Kind(
            name: "variable rate",
            encoding: plain + " -vf settb=1/1000,setpts='N*40+mod(N*N*7,30)'" + milliseconds, fileExtension: "mp4",
            ticks: jitter, timeBase: Rational(1, 1000)),
        Kind(
            name: "variable rate, B pictures and six seconds without a frame",
            encoding: ExactFrameTests.x264 + "-bf 3 -b_strategy 0 -g 24"
                + " -vf settb=1/1000,setpts='N*40+mod(N*N*7,30)+6000*gte(N,30)'" + milliseconds,
            fileExtension: "mp4", ticks: jitter.enumerated().map { $0 < 30 ? $1 : $1 + 6000 },
            timeBase: Rational(1, 1000)),
        Kind(
            name: "edit list", encoding: ExactFrameTests.x264 + "-bf 2 -b_strategy 0 -g 15", fileExtension: "mp4",
            remux: "-ss 0.7 -i IN -c copy", shown: Array(21..<60), ticks: Array(0..<39)),
        Kind(
            name: "every time twice", encoding: plain, fileExtension: "mp4",
            remux: "-i IN -c copy -bsf:v setts=ts=PTS-mod(N\\,2)*512", remuxedExtension: "mkv",
            shown: Array(stride(from: 0, to: 60, by: 2)),
            ticks: stride(from: 0, to: 60, by: 2).map { ($0 * 1000 + 15) / 30 }, timeBase: Rational(1, 1000)),
        Kind(
            name: "first time far below zero", encoding: plain, fileExtension: "mp4",
            remux: "-itsoffset -7 -i IN -c copy -copyts -avoid_negative_ts disabled", remuxedExtension: "mkv"),
        Kind(
            name: "first time after two days", encoding: plain, fileExtension: "mp4",
            remux: "-i IN -c copy -output_ts_offset 200000", remuxedExtension: "mkv"),
        Kind(
            name: "sound first", encoding: plain, fileExtension: "mp4",
            remux: "-f lavfi -i sine=d=3 -i IN -map 0 -map 1 -c:v copy"),
        Kind(
            name: "cover art", encoding: plain, fileExtension: "mp4",
            remux: "-f lavfi -i color=red:s=64x64:d=0.04 -i IN -map 0 -map 1 -c:v:0 png -c:v:1 copy"
                + " -disposition:v:0 attached_pic"),
        Kind(
            name: "two videos", encoding: plain, fileExtension: "mp4",
            remux: "-f lavfi -i color=red:s=64x64:d=1 -i IN -map 0 -map 1 -c:v:0 mpeg4 -c:v:1 copy"
                + " -disposition:v:0 0 -disposition:v:1 default",
            remuxedExtension: "mkv"),
        Kind(
            name: "fragments with B pictures", encoding: ExactFrameTests.x264 + "-bf 2 -b_strategy 0 -g 15",
            fileExtension: "mp4", remux: "-i IN -c copy -movflags frag_every_frame+empty_moov+delay_moov"),
    ]

    /// The file that `kind` describes.
    private static func make(_ kind: Kind, from video: NumberedVideo) throws -> String {
        guard !kind.remux.isEmpty else { return video.path }
        let path = video.file("remuxed.\(kind.remuxedExtension)")
        let arguments = kind.remux.split(separator: " ").map { $0 == "IN" ? video.path : String($0) }
        try NumberedVideo.run("ffmpeg", ["-v", "error"] + arguments + [path])
        return path
    }

    @Test(arguments: kinds)
    func clipsFollowTheShownTimes(kind: Kind) async throws {
        let video = try NumberedVideo(kind.encoding, as: kind.fileExtension)
        let path = try Self.make(kind, from: video)
        let timeline = FrameTimeline(ticks: kind.ticks, timeBase: kind.timeBase)
        try await Self.expect(kind.shown, at: timeline, in: path, scratch: video)
    }

    /// The clips of the video at `path` show the burnt-in numbers `shown` at the times of `timeline`.
    static func expect(
        _ shown: [Int], at timeline: FrameTimeline, in path: String, scratch: NumberedVideo,
        damagedFrames: ClosedRange<Int> = 0...0
    ) async throws {
        let source = try SourceFile(path: path)
        let index = try await MediaIndex.build(of: source)
        #expect(index.timeline.frameCount == shown.count)
        for frameRate in [1, 6, 30] {
            let plan = SamplingPlan(sampling: timeline, frameRate: frameRate, framesPerClip: 17)
            let ownPlan = SamplingPlan(sampling: index.timeline, frameRate: frameRate, framesPerClip: 17)
            #expect(ownPlan.kept == plan.kept)
            for clip in ownPlan.clips {
                let producer = ClipProducer(source: source, index: index, settings: .quick)
                let report = try await producer.make(clip, at: scratch.file("clip.mp4"))
                #expect(damagedFrames.contains(report.damagedFrames))
                let numbers = try NumberedVideo.numbers(in: scratch.file("clip.mp4"))
                #expect(numbers == clip.positions.map { shown[Int($0)] })
            }
        }
    }

    @Test(arguments: ["ts", "h264"])
    func aLargerPictureInMidStreamIsFittedIntoTheFirst(fileExtension: String) async throws {
        let video = try NumberedVideo(Self.plain, as: fileExtension)
        let larger = try NumberedVideo(Self.plain + " -vf scale=640:360:flags=neighbor", as: fileExtension)
        let path = video.file("joined.\(fileExtension)")
        try (Data(contentsOf: video.url) + Data(contentsOf: larger.url)).write(to: URL(fileURLWithPath: path))
        let timeline = FrameTimeline(ticks: Array(0..<120), timeBase: Rational(1, 30))
        // Where two transport streams meet, their counters jump: something may be missing, the container says.
        try await Self.expect(
            Array(0..<60) + Array(0..<60), at: timeline, in: path, scratch: video,
            damagedFrames: fileExtension == "ts" ? 0...1 : 0...0)
    }

    /// Seconds by which the clocks of two recordings in one file are ahead. FFmpeg takes the second one for a clock
    /// that wrapped when it is more than a minute earlier.
    @Test(arguments: [(500, 0), (500, 495), (20, 0), (30_000, 3)], ["ts", "mpg"])
    func aRecordingBehindAnotherGoesOnWhereThatEnded(offsets: (Int, Int), fileExtension: String) async throws {
        let codec = fileExtension == "ts" ? Self.plain : "-c:v mpeg2video -q:v 2 -bf 0 -g 15"
        let videos = try [offsets.0, offsets.1].map {
            try NumberedVideo(codec + " -output_ts_offset \($0)", as: fileExtension)
        }
        let path = videos[0].file("joined.\(fileExtension)")
        try (Data(contentsOf: videos[0].url) + Data(contentsOf: videos[1].url)).write(to: URL(fileURLWithPath: path))
        let timeline = FrameTimeline(ticks: Array(0..<120), timeBase: Rational(1, 30))
        try await Self.expect(
            Array(0..<60) + Array(0..<60), at: timeline, in: path, scratch: videos[0], damagedFrames: 0...1)
    }

    @Test func picturesLargerThanTheEncoderTakesAreRefusedBeforeAnythingIsDecoded() async throws {
        let folder = try TestFolder()
        let path = folder.file("wide.avi")
        try NumberedVideo.run(
            "ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "color=s=16386x64:r=5:d=0.4", "-c:v", "mjpeg", path])
        let source = try SourceFile(path: path)
        await #expect {
            _ = try await MediaIndex.build(of: source)
        } throws: { error in
            let error = error as? MediaError
            return error?.code == .limitExceeded && error?.message.contains("16384 a side") == true
        }
    }

    /// Times that no decoder can follow: more pictures would have to wait than any standard allows.
    @Test func timesThatRunBackwardsEndNothing() async throws {
        let video = try NumberedVideo(Self.plain, as: "mp4")
        let path = video.file("backwards.mkv")
        try NumberedVideo.run(
            "ffmpeg", ["-v", "error", "-i", video.path, "-c", "copy", "-bsf:v", "setts=pts=(100-N)*512", path])
        let source = try SourceFile(path: path)
        let index = try await MediaIndex.build(of: source)
        #expect(index.timeline.frameCount == 60)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: 30, framesPerClip: 100)
        let report = try await ClipProducer(source: source, index: index, settings: .quick)
            .make(plan.clip(at: 0), at: video.file("clip.mp4"))
        #expect(report.frameCount == 60)
    }
}
