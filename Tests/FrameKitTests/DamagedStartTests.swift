import Domain
import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// Where decoding cannot start, the search for a better place stays cheap: packets decoded in all are counted.
@Suite struct DamagedStartTests {
    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let encoding: String
        let fileExtension: String
        /// Whether the packet at a place in the order of decoding is destroyed.
        let strikes: @Sendable (Int) -> Bool
    }

    private static let frameCount = 600
    private static let h264 = "-c:v libx264 -preset ultrafast -bf 0 -g 5 -keyint_min 5"
    private static let mjpeg = "-c:v mjpeg -q:v 5 -pix_fmt yuvj420p"

    static let damages: [Damage] = [
        Damage(testDescription: "no keyframe but the first", encoding: h264, fileExtension: "mp4") {
            $0 > 0 && $0 % 5 == 0
        },
        Damage(testDescription: "nothing in the first half", encoding: mjpeg, fileExtension: "mov") { $0 < 300 },
        Damage(testDescription: "nothing in the second half", encoding: mjpeg, fileExtension: "mov") { $0 >= 300 },
        Damage(testDescription: "every other picture", encoding: mjpeg, fileExtension: "mov") { $0 % 2 == 1 },
    ]

    private static func make(_ damage: Damage) throws -> NumberedVideo {
        let video = try NumberedVideo(
            damage.encoding, as: damage.fileExtension, frameCount: Self.frameCount, size: "64x64")
        var bytes = try Data(contentsOf: video.url)
        for (number, line) in try NumberedVideo.probe(video.path, "packet=pos,size").enumerated() {
            // ffprobe prints "size,position".
            let fields = line.split(separator: ",").compactMap { Int($0) }
            guard damage.strikes(number) else { continue }
            bytes.replaceSubrange(fields[1]..<fields[1] + fields[0], with: repeatElement(0xff, count: fields[0]))
        }
        try bytes.write(to: video.url)
        return video
    }

    /// Gets the pictures of each clip, and what stands in for it, as a producer of damaged clips does.
    private static func readClips(of video: NumberedVideo, frameRate: Int, inOrder: Bool) async throws -> [Int] {
        let source = try SourceFile(path: video.path)
        let index = try await MediaIndex.build(of: source)
        #expect(index.timeline.frameCount == Self.frameCount)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: frameRate, framesPerClip: 10)
        var pictures = try PictureReader(reading: source, by: index, limits: .standard)
        var costs: [Int] = []
        for clip in plan.clips {
            if !inOrder { pictures = try PictureReader(reading: source, by: index, limits: .standard) }
            let before = pictures.decodedPacketCount
            var count = 0
            do throws(MediaError) {
                try pictures.forEachFrame(at: clip.positions) { _, _ in
                    count += 1
                    return true
                }
            } catch {
                #expect(error.code == .unreadable)
            }
            costs.append(pictures.decodedPacketCount - before)
        }
        return costs
    }

    @Test(arguments: damages, [1, 30])
    func clipsInOrderCostAFewDecodesOfTheVideo(damage: Damage, frameRate: Int) async throws {
        let video = try Self.make(damage)
        let costs = try await Self.readClips(of: video, frameRate: frameRate, inOrder: true)
        // Most of it in the last clips of a lost end, whose search cannot continue from the one before; going back step
        // by step would cost some hundred times the video.
        #expect(costs.reduce(0, +) <= 50 * Self.frameCount)
    }

    @Test(arguments: damages)
    func aClipAloneCostsAFewDecodesOfTheVideo(damage: Damage) async throws {
        let video = try Self.make(damage)
        let costs = try await Self.readClips(of: video, frameRate: 30, inOrder: false)
        // Each of the doubling steps may decode from the last good picture on.
        #expect(try #require(costs.max()) <= 16 * Self.frameCount)
    }
}
