import Domain
import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// What a clip is, as `ffprobe` sees it.
@Suite struct ClipFormTests {
    private func makeClip(of video: NumberedVideo, frameRate: Int) async throws -> (ClipReport, String) {
        let source = try SourceFile(path: video.path)
        let index = try await MediaIndex.build(of: source)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: frameRate, framesPerClip: 1000)
        let path = video.file("clip.mp4")
        return (try await ClipProducer(source: source, index: index).make(plan.clip(at: 0), at: path), path)
    }

    @Test(arguments: [1, 7, 10, 30])
    func theRateIsConstantAndStartsAtZero(frameRate: Int) async throws {
        let video = try NumberedVideo(ExactFrameTests.x264, as: "mp4", frameCount: 90)
        let (report, path) = try await self.makeClip(of: video, frameRate: frameRate)
        #expect(report.duration == .seconds(report.frameCount) / frameRate)
        #expect(try NumberedVideo.probe(path, "stream=avg_frame_rate") == ["\(frameRate)/1"])
        #expect(try NumberedVideo.probe(path, "stream=profile,pix_fmt") == ["High,yuv420p"])
        let times = try NumberedVideo.probe(path, "frame=pts_time,key_frame")
        for (number, line) in times.enumerated() {
            let fields = line.split(separator: ",")
            #expect(abs((Double(fields[1]) ?? -1) - Double(number) / Double(frameRate)) < 0.000_001)
            if number % frameRate == 0 { #expect(fields[0] == "1", "a keyframe each second at least") }
        }
        #expect(times.count == report.frameCount)
    }

    @Test func theIndexLiesInFront() async throws {
        let video = try NumberedVideo(ExactFrameTests.x264, as: "mp4")
        let (_, path) = try await self.makeClip(of: video, frameRate: 10)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let moov = try #require(bytes.range(of: Data("moov".utf8)))
        let mdat = try #require(bytes.range(of: Data("mdat".utf8)))
        #expect(moov.lowerBound < mdat.lowerBound)
    }

    static let shapes: [(String, String, [Int])] = [
        ("-vf setsar=4/3", "320x180", [427, 180, 428, 180]),
        ("-vf setsar=3/4", "320x180", [320, 240, 320, 240]),
        ("-pix_fmt yuv444p", "321x181", [321, 181, 322, 182]),
        ("-vf format=yuvj420p -color_range pc", "320x180", [320, 180, 320, 180]),
        ("-pix_fmt yuv420p10le", "320x180", [320, 180, 320, 180]),
    ]

    @Test(arguments: shapes)
    func picturesHaveSquarePixelsAndEvenSides(encoding: String, size: String, expected: [Int]) async throws {
        let video = try NumberedVideo("-c:v libx264 \(encoding)", as: "mkv", frameCount: 10, size: size)
        let (report, path) = try await self.makeClip(of: video, frameRate: 30)
        #expect([report.width, report.height, report.paddedWidth, report.paddedHeight] == expected)
        let shape = try NumberedVideo.probe(path, "stream=width,height,sample_aspect_ratio,pix_fmt,color_range")
        #expect(shape == ["\(expected[2]),\(expected[3]),1:1,yuv420p,tv"])
    }

    @Test func thePadRepeatsTheEdgeAndHidesNothing() async throws {
        let video = try NumberedVideo(
            "-vf drawbox=color=white:t=fill -c:v libx264 -pix_fmt yuv444p", as: "mkv", frameCount: 2, size: "321x181")
        let (_, path) = try await self.makeClip(of: video, frameRate: 30)
        let pixels = try NumberedVideo.run(
            "ffmpeg", ["-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "gray", "-"])
        #expect(pixels.allSatisfy { $0 > 240 })
    }

    @Test(arguments: [90, 180, 270])
    func rotationIsApplied(degrees: Int) async throws {
        let video = try NumberedVideo(ExactFrameTests.x264, as: "mp4", frameCount: 10)
        let turned = video.file("turned.mp4")
        try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-i", video.path, "-c", "copy", "-metadata:s:v:0", "rotate=\(degrees)", turned])
        let source = try SourceFile(path: turned)
        let index = try await MediaIndex.build(of: source)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: 30, framesPerClip: 1000)
        let path = video.file("clip.mp4")
        let report = try await ClipProducer(source: source, index: index, settings: .quick).make(
            plan.clip(at: 0), at: path)
        #expect(report.width == (degrees == 180 ? 320 : 180))
        // The `ffmpeg` program turns pictures as players do: both show the same.
        let filters = "[0:v][1:v]ssim=stats_file=\(video.file("ssim"))"
        try NumberedVideo.run(
            "ffmpeg", ["-v", "error", "-i", path, "-i", turned, "-lavfi", filters, "-f", "null", "-"])
        let lines = try String(contentsOfFile: video.file("ssim"), encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 10)
        for line in lines {
            let all = try #require(line.split(separator: " ").first { $0.hasPrefix("All:") }).dropFirst(4)
            #expect(try #require(Double(all)) > 0.95)
        }
    }
}
