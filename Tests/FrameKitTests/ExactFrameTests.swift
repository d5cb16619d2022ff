import Domain
import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// Every kind of file gives clips whose burnt-in numbers are those of the sampling plan.
@Suite struct ExactFrameTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let name: String
        let encoding: String
        let fileExtension: String
        var rate = "30"
        var testDescription: String { self.name }
    }

    static let x264 = "-c:v libx264 -crf 16 -preset veryfast "
    static let x265 = "-c:v libx265 -crf 14 -preset ultrafast -x265-params log-level=none:"

    static let kinds: [Kind] = [
        Kind(name: "no B pictures", encoding: x264 + "-bf 0 -g 15", fileExtension: "mp4"),
        Kind(
            name: "B pyramid at 29.97", encoding: x264 + "-bf 3 -b_strategy 0 -x264-params b-pyramid=normal:keyint=20",
            fileExtension: "mp4", rate: "30000/1001"),
        Kind(
            name: "open GOPs", encoding: x264 + "-bf 3 -b_strategy 0 -x264-params open-gop=1:keyint=12",
            fileExtension: "mkv"),
        Kind(name: "one GOP", encoding: x264 + "-g 1000", fileExtension: "mp4", rate: "25"),
        Kind(
            name: "gradual refresh", encoding: x264 + "-x264-params intra-refresh=1:keyint=20:bframes=0",
            fileExtension: "mp4"),
        Kind(
            name: "transport stream", encoding: x264 + "-bf 2 -g 15 -output_ts_offset 1000", fileExtension: "ts"),
        Kind(
            name: "transport stream whose clock wraps", encoding: x264 + "-bf 2 -g 15 -output_ts_offset 95442.5",
            fileExtension: "ts"),
        Kind(
            name: "fragmented", encoding: x264 + "-g 15 -movflags frag_keyframe+empty_moov", fileExtension: "mp4"),
        Kind(name: "interlaced", encoding: x264 + "-flags +ilme+ildct -g 15", fileExtension: "mp4"),
        Kind(name: "raw H.264 without times", encoding: x264 + "-bf 3 -b_strategy 0 -g 15", fileExtension: "h264"),
        Kind(name: "AVI with decode times only", encoding: x264 + "-bf 3 -b_strategy 0 -g 15", fileExtension: "avi"),
        Kind(
            name: "HEVC with open GOPs", encoding: x265 + "keyint=12:bframes=4:b-adapt=0:open-gop=1",
            fileExtension: "mp4"),
        Kind(
            name: "HEVC with temporal layers", encoding: x265 + "keyint=15:bframes=4:b-adapt=0:temporal-layers=1",
            fileExtension: "mp4"),
        Kind(name: "VP9", encoding: "-c:v libvpx-vp9 -crf 16 -b:v 0 -cpu-used 8 -g 15", fileExtension: "webm"),
        Kind(name: "AV1", encoding: "-c:v libaom-av1 -crf 16 -cpu-used 8 -g 15 -lag-in-frames 8", fileExtension: "mp4"),
        Kind(name: "MPEG-2", encoding: "-c:v mpeg2video -q:v 2 -bf 2 -g 12", fileExtension: "mpg", rate: "25"),
        Kind(name: "MPEG-4 with B pictures", encoding: "-c:v mpeg4 -q:v 2 -bf 2 -g 12", fileExtension: "avi"),
        Kind(name: "MPEG-4 with packed pictures", encoding: "-c:v libxvid -q:v 2 -bf 2 -g 12", fileExtension: "avi"),
        Kind(name: "motion JPEG", encoding: "-c:v mjpeg -q:v 2 -pix_fmt yuvj420p", fileExtension: "mov"),
    ]

    @Test(arguments: kinds)
    func clipsShowTheFramesOfThePlan(kind: Kind) async throws {
        let video = try NumberedVideo(kind.encoding, as: kind.fileExtension, rate: kind.rate)
        let source = try SourceFile(path: video.path)
        let index = try await MediaIndex.build(of: source)
        // The xvid encoder leaves two empty frames out, so it ends earlier.
        #expect(kind.name.contains("packed") ? index.timeline.frameCount > 50 : index.timeline.frameCount == 60)
        for frameRate in [5, 7, 30] {
            let plan = SamplingPlan(sampling: index.timeline, frameRate: frameRate, framesPerClip: 11)
            let inOrder = ClipProducer(source: source, index: index, settings: .quick)
            var bytes: [Data] = []
            for clip in plan.clips {
                let path = video.file("clip.mp4")
                let report = try await inOrder.make(clip, at: path)
                #expect(report.damagedFrames == 0)
                #expect(try NumberedVideo.numbers(in: path) == clip.positions.map { Int($0) })
                bytes.append(try Data(contentsOf: URL(fileURLWithPath: path)))
            }
            let backwards = ClipProducer(source: source, index: index, settings: .quick)
            for clip in plan.clips.reversed() {
                let path = video.file("alone.mp4")
                _ = try await backwards.make(clip, at: path)
                #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes[clip.index])
            }
        }
    }

    /// A copy of the source without any dependence between pictures gives the same bytes, so what was skipped did not
    /// change a single pixel.
    @Test(arguments: [
        x264 + "-bf 3 -b_strategy 0 -x264-params b-pyramid=normal:keyint=20",
        x264 + "-bf 3 -b_strategy 0 -x264-params open-gop=1:keyint=12",
        x265 + "keyint=12:bframes=4:b-adapt=0:open-gop=1",
        "-c:v mpeg4 -q:v 2 -bf 2 -g 12",
    ])
    func keptPixelsAreThoseOfAFullDecode(encoding: String) async throws {
        let video = try NumberedVideo(encoding, as: "mp4")
        let decoded = video.file("decoded.mov")
        try NumberedVideo.run("ffmpeg", ["-v", "error", "-i", video.path, "-c:v", "ffv1", "-bitexact", decoded])
        for frameRate in [2, 10] {
            var clips: [Data] = []
            for path in [video.path, decoded] {
                let source = try SourceFile(path: path)
                let index = try await MediaIndex.build(of: source)
                let plan = SamplingPlan(sampling: index.timeline, frameRate: frameRate, framesPerClip: 100)
                _ = try await ClipProducer(source: source, index: index, settings: .quick)
                    .make(plan.clip(at: 0), at: video.file("clip.mp4"))
                clips.append(try Data(contentsOf: URL(fileURLWithPath: video.file("clip.mp4"))))
            }
            #expect(clips[0] == clips[1])
        }
    }
}

extension EncodingSettings {
    static let quick = EncodingSettings(preset: .ultrafast, crf: 16)
}
