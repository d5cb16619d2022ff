import Domain
import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// Interlaced video keeps its fields in clips, or becomes progressive where that is asked for.
@Suite struct FieldOrderTests {
    private static let height = 96
    private static let x264 = "-c:v libx264 -preset ultrafast -qp 0 -bf 0 -flags +ilme+ildct"

    /// A video of which the upper field is white and the lower one black, in all frames alike.
    private static func makeStripes(
        _ order: FieldOrder, in folder: TestFolder, height: Int = height, encoding: String = x264,
        as name: String = "stripes.mp4"
    ) throws -> String {
        let path = folder.file(name)
        let field = order == .topFirst ? "tff" : "bff"
        try NumberedVideo.run(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i",
                "nullsrc=s=64x\(height):r=25,geq=lum='if(mod(Y,2),50,200)':cb=128:cr=128",
            ]
                + ["-frames:v", "25", "-vf", "format=yuv420p,setfield=\(field)", "-x264-params", "\(field)=1"]
                + encoding.split(separator: " ").map(String.init) + [path])
        return path
    }

    /// Makes the first clip, 5 frames in a second.
    private static func makeClip(of path: String, in folder: TestFolder, deinterlaces: Bool = false) async throws
        -> String
    {
        let source = try SourceFile(path: path)
        let index = try await MediaIndex.build(of: source)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: 5, framesPerClip: 5)
        let clip = folder.file("clip.mp4")
        let settings = EncodingSettings(preset: .ultrafast, crf: 4, deinterlaces: deinterlaces)
        let report = try await ClipProducer(source: source, index: index, settings: settings)
            .make(plan.clip(at: 0), at: clip)
        #expect(report.frameCount == 5)
        return clip
    }

    /// What the frames of a clip say: interlaced or not, and top field first or not.
    private static func marks(of clip: String) throws -> Set<String> {
        Set(try NumberedVideo.probe(clip, "frame=interlaced_frame,top_field_first").map { String($0.prefix(3)) })
    }

    /// The luma in the middle of each row of the first frame, without the outermost rows.
    private static func rows(of clip: String, width: Int = 64) throws -> [Int] {
        let pixels = try NumberedVideo.run(
            "ffmpeg", ["-v", "error", "-i", clip, "-frames:v", "1", "-vf", "extractplanes=y", "-f", "rawvideo", "-"])
        return stride(from: width / 2, to: pixels.count, by: width).map { Int(pixels[$0]) }.dropFirst(4).dropLast(4)
    }

    @Test(arguments: [FieldOrder.topFirst, .bottomFirst])
    func fieldsKeepTheirOrderInTheClip(order: FieldOrder) async throws {
        let folder = try TestFolder()
        let video = try Self.makeStripes(order, in: folder)
        let source = try SourceFile(path: video)
        let description = try await MediaDescription.read(source, index: MediaIndex.build(of: source))
        #expect(description.fieldOrder == order)

        let clip = try await Self.makeClip(of: video, in: folder)
        #expect(try NumberedVideo.probe(clip, "stream=field_order") == [order == .topFirst ? "tt" : "bb"])
        #expect(try Self.marks(of: clip) == [order == .topFirst ? "1,1" : "1,0"])
        let rows = try Self.rows(of: clip)
        #expect(zip(rows, rows.dropFirst()).allSatisfy { abs($0 - $1) > 130 })
    }

    @Test func clipsOfFieldsAreReadFrameByFrame() async throws {
        let video = try NumberedVideo(
            "-vf setfield=bff -c:v libx264 -preset fast -flags +ilme+ildct -x264-params bff=1 -g 25", as: "mp4",
            size: "320x192")
        let source = try SourceFile(path: video.path)
        let index = try await MediaIndex.build(of: source)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: 30, framesPerClip: 60)
        let path = video.file("clip.mp4")
        _ = try await ClipProducer(source: source, index: index, settings: .quick).make(plan.clip(at: 0), at: path)
        let clip = try await ClipReader.open(path, size: PictureSize(width: 320, height: 192))
        #expect(clip.frameCount == 60)
        let reference = try SourceFile(path: path)
        let clipIndex = try await MediaIndex.build(of: reference)
        #expect(clipIndex.timeline.frameCount == 60)
        for number in [60, 1, 31] {
            let picture = try await clip.picture(ofFrame: number)
            var reader = PixelReader(.gray)
            let pixels = try reader.pixels(of: picture)
            let shown = (0..<NumberedVideo.cellCount).reduce(0) { value, bit in
                pixels[8 * 320 + bit * NumberedVideo.cell + 8] > 127 ? value | 1 << bit : value
            }
            #expect(shown == number - 1)
        }
    }

    @Test(arguments: [(FieldOrder.topFirst, 200), (.bottomFirst, 50)])
    func deinterlacedFramesShowTheEarlierField(order: FieldOrder, luma: Int) async throws {
        let folder = try TestFolder()
        let clip = try await Self.makeClip(of: Self.makeStripes(order, in: folder), in: folder, deinterlaces: true)
        #expect(try NumberedVideo.probe(clip, "stream=field_order") == ["progressive"])
        #expect(try Self.marks(of: clip) == ["0,0"])
        #expect(try Self.rows(of: clip).allSatisfy { abs($0 - luma) <= 4 })
    }

    @Test(arguments: [
        ("mpeg2video", "mpg"), ("prores_ks -pix_fmt yuv422p10le", "mov"), ("ffv1 -pix_fmt yuv422p", "mkv"),
    ])
    func fieldsOfOtherCodecsAreKnown(codec: String, fileExtension: String) async throws {
        let folder = try TestFolder()
        let video = try Self.makeStripes(
            .topFirst, in: folder, encoding: "-c:v \(codec) -q:v 2 -flags +ilme+ildct", as: "v.\(fileExtension)")
        let source = try SourceFile(path: video)
        let description = try await MediaDescription.read(source, index: MediaIndex.build(of: source))
        #expect(description.fieldOrder == .topFirst)
        #expect(try Self.marks(of: try await Self.makeClip(of: video, in: folder)) == ["1,1"])
        let rows = try Self.rows(of: try await Self.makeClip(of: video, in: folder, deinterlaces: true))
        #expect(rows.allSatisfy { abs($0 - 200) <= 8 })
    }

    @Test func scalingDoesNotMixFields() async throws {
        let folder = try TestFolder()
        // Pixels of 8:9 make 96 lines 108.
        let video = try Self.makeStripes(.topFirst, in: folder, encoding: Self.x264 + " -aspect 64:108")
        let clip = try await Self.makeClip(of: video, in: folder)
        #expect(try NumberedVideo.probe(clip, "stream=width,height") == ["64,108"])
        #expect(try Self.marks(of: clip) == ["1,1"])
        let rows = try Self.rows(of: clip)
        #expect(zip(rows, rows.dropFirst()).allSatisfy { abs($0 - $1) > 130 })
    }

    @Test func turnedUpsideDownTheLaterLineComesFirst() async throws {
        let folder = try TestFolder()
        let turned = folder.file("turned.mp4")
        try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-i", Self.makeStripes(.topFirst, in: folder), "-c", "copy"]
                + ["-metadata:s:v", "rotate=180", turned])
        #expect(try Self.marks(of: try await Self.makeClip(of: turned, in: folder)) == ["1,0"])
    }

    @Test func fieldsOnTheirSideAndLinesNotInFoursAreProgressive() async throws {
        let folder = try TestFolder()
        let turned = folder.file("turned.mp4")
        try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-i", Self.makeStripes(.topFirst, in: folder), "-c", "copy"]
                + ["-metadata:s:v", "rotate=90", turned])
        #expect(try Self.marks(of: try await Self.makeClip(of: turned, in: folder)) == ["0,0"])
        let odd = try Self.makeStripes(
            .topFirst, in: folder, height: 98, encoding: "-c:v mpeg2video -q:v 2 -flags +ilme+ildct", as: "odd.mpg")
        #expect(try Self.marks(of: try await Self.makeClip(of: odd, in: folder)) == ["0,0"])
    }

    @Test(arguments: [false, true])
    func clipsMadeAloneEqualThoseMadeInOrder(deinterlaces: Bool) async throws {
        let video = try NumberedVideo(
            "-vf setfield=tff -c:v libx264 -preset fast -flags +ilme+ildct -x264-params tff=1 -bf 2 -g 25", as: "mp4",
            size: "320x192")
        let source = try SourceFile(path: video.path)
        let index = try await MediaIndex.build(of: source)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: 10, framesPerClip: 7)
        let settings = EncodingSettings(preset: .ultrafast, crf: 16, deinterlaces: deinterlaces)
        let inOrder = ClipProducer(source: source, index: index, settings: settings)
        for clip in plan.clips {
            let (first, second) = (video.file("in-order.mp4"), video.file("alone.mp4"))
            _ = try await inOrder.make(clip, at: first)
            _ = try await ClipProducer(source: source, index: index, settings: settings).make(clip, at: second)
            #expect(try NumberedVideo.numbers(in: first) == clip.positions.map { Int($0) })
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: first)) == Data(contentsOf: URL(fileURLWithPath: second)))
        }
    }
}
