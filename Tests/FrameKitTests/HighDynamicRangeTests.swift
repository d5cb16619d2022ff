import Domain
import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// High dynamic range becomes BT.709 in clips: what is as bright as paper stays so, what is brighter keeps its detail.
@Suite struct HighDynamicRangeTests {
    /// Grey patches, 64 pixels wide, in cd/m².
    private static let luminances: [Double] = [1, 26, 50, 203, 1000]

    /// The signal of a luminance (ITU-R BT.2100 table 4, inverse of the PQ curve).
    private static func perceptualQuantizer(_ luminance: Double) -> Double {
        let (m1, m2) = (2610.0 / 16384, 2523.0 / 4096 * 128)
        let (c1, c2, c3) = (3424.0 / 4096, 2413.0 / 4096 * 32, 2392.0 / 4096 * 32)
        let power = pow(luminance / 10_000, m1)
        return pow((c1 + c2 * power) / (1 + c3 * power), m2)
    }

    /// A video of the patches in 10 bits.
    private static func makeVideo(in folder: TestFolder) throws -> String {
        let (width, height) = (64 * Self.luminances.count, 64)
        var samples: [UInt16] = []
        for _ in 0..<height {
            for luminance in Self.luminances {
                let level = UInt16((64 + 876 * Self.perceptualQuantizer(luminance)).rounded())
                samples += [UInt16](repeating: level, count: 64)
            }
        }
        samples += [UInt16](repeating: 512, count: width * height / 2)
        let raw = folder.file("raw")
        try samples.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: raw))
        let path = folder.file("hdr.mp4")
        let tags = "-color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc -color_range tv"
        let codec =
            "-c:v libx265 -x265-params log-level=none:lossless=1:colorprim=bt2020:transfer=smpte2084"
            + ":colormatrix=bt2020nc \(tags)"
        try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-stream_loop", "4", "-f", "rawvideo", "-pix_fmt", "yuv420p10le"]
                + ["-s", "\(width)x\(height)", "-r", "5", "-i", raw]
                + codec.split(separator: " ").map(String.init) + [path])
        return path
    }

    /// The luma in the middle of each patch.
    private static func levels(of path: String) throws -> [Int] {
        let width = 64 * Self.luminances.count
        let pixels = try NumberedVideo.run(
            "ffmpeg", ["-v", "error", "-i", path, "-frames:v", "1", "-vf", "extractplanes=y", "-f", "rawvideo", "-"])
        return Self.luminances.indices.map { Int(pixels[32 * width + $0 * 64 + 32]) }
    }

    @Test func perceptualQuantizerIsToneMapped() async throws {
        let folder = try TestFolder()
        let source = try SourceFile(path: Self.makeVideo(in: folder))
        let index = try await MediaIndex.build(of: source)
        #expect(try await MediaDescription.read(source, index: index).color.isToneMapped)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: 5, framesPerClip: 5)
        let clips = ["first.mp4", "second.mp4"].map(folder.file)
        for clip in clips {
            _ = try await ClipProducer(source: source, index: index, settings: .quick).make(plan.clip(at: 0), at: clip)
        }
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: clips[0])) == Data(contentsOf: URL(fileURLWithPath: clips[1])))
        let tags = try NumberedVideo.probe(clips[0], "stream=color_range,color_space,color_transfer,color_primaries")
        #expect(tags == ["tv,bt709,bt709,bt709"])

        let levels = try Self.levels(of: clips[0])
        #expect(levels == levels.sorted() && Set(levels).count == levels.count)
        // A quarter of the light of paper white lies below the knee of the compression and stays so on a display of
        // BT.1886: 16 + 219 × 0.246^(1/2.4). Paper white is bright, and the highlight is brighter still.
        #expect(abs(levels[2] - 138) <= 4)
        #expect((185...215).contains(levels[3]))
        #expect((215...236).contains(levels[4]))
    }

    @Test func ordinaryPicturesAreLeftAsTheyAre() async throws {
        let video = try NumberedVideo("-c:v libx264 -preset ultrafast", as: "mp4", frameCount: 5)
        let source = try SourceFile(path: video.path)
        let index = try await MediaIndex.build(of: source)
        #expect(try await !MediaDescription.read(source, index: index).color.isToneMapped)
    }
}
