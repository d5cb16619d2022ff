import Domain
import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// Damage never shifts a frame: what does not decode shows its neighbour and is counted.
@Suite struct DamagedVideoTests {
    /// Overwrites the packets `numbers`, in the order of decoding, of a video without B pictures.
    static func damage(_ video: NumberedVideo, packets numbers: ClosedRange<Int>, with byte: UInt8 = 0xff) throws {
        let packets = try NumberedVideo.probe(video.path, "packet=pos,size")
        var bytes = try Data(contentsOf: video.url)
        for line in packets[numbers] {
            // ffprobe prints "size,position".
            let fields = line.split(separator: ",").compactMap { Int($0) }
            bytes.replaceSubrange(fields[1]..<fields[1] + fields[0], with: repeatElement(byte, count: fields[0]))
        }
        try bytes.write(to: video.url)
    }

    static func numbersAndDamage(_ video: NumberedVideo, framesPerClip: Int) async throws -> ([[Int?]], [Int]) {
        let source = try SourceFile(path: video.path)
        let index = try await MediaIndex.build(of: source)
        #expect(index.timeline.frameCount == 60)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: 30, framesPerClip: framesPerClip)
        let inOrder = ClipProducer(source: source, index: index, settings: .quick)
        var numbers: [[Int?]] = []
        var damage: [Int] = []
        for clip in plan.clips {
            let alone = ClipProducer(source: source, index: index, settings: .quick)
            let report = try await inOrder.make(clip, at: video.file("clip.mp4"))
            #expect(try await alone.make(clip, at: video.file("alone.mp4")) == report)
            let clips = try ["clip.mp4", "alone.mp4"].map { try Data(contentsOf: URL(fileURLWithPath: video.file($0))) }
            #expect(clips[0] == clips[1])
            numbers.append(try NumberedVideo.numbers(in: video.file("clip.mp4")))
            damage.append(report.damagedFrames)
        }
        return (numbers, damage)
    }

    /// Motion JPEG: each picture stands alone, so exactly the damaged ones are lost.
    static let losses: [(ClosedRange<Int>, Int, [Int])] = [
        // The last good picture is repeated, also when it lies in another clip.
        (5...7, 20, (0..<60).map { (5...7).contains($0) ? 4 : $0 }),
        (20...21, 20, (0..<60).map { (20...21).contains($0) ? 19 : $0 }),
        (38...59, 20, (0..<60).map { min($0, 37) }),
        // Nothing precedes the first frame: it shows the next good one.
        (0...2, 20, (0..<60).map { max($0, 3) }),
        (0...30, 20, (0..<60).map { max($0, 31) }),
    ]

    @Test(arguments: losses)
    func lostPicturesShowTheirNeighbour(lost: ClosedRange<Int>, framesPerClip: Int, shown: [Int]) async throws {
        let video = try NumberedVideo("-c:v mjpeg -q:v 2 -pix_fmt yuvj420p", as: "mov")
        try Self.damage(video, packets: lost)
        let (numbers, damage) = try await Self.numbersAndDamage(video, framesPerClip: framesPerClip)
        #expect(numbers.flatMap { $0 } == shown)
        #expect(damage.reduce(0, +) == lost.count)
    }

    // Zeros are no NAL units at all, what other bytes look like is chance.
    @Test(arguments: [0xff, 0x00, 0x55] as [UInt8])
    func framesAfterTheDamageAreWhereTheyBelong(byte: UInt8) async throws {
        let video = try NumberedVideo(ExactFrameTests.x264 + "-bf 0 -g 15 -keyint_min 15", as: "mp4")
        try Self.damage(video, packets: 30...32, with: byte)
        let (numbers, _) = try await Self.numbersAndDamage(video, framesPerClip: 12)
        let flat = numbers.flatMap { $0 }
        #expect(Array(flat[..<30]) == (0..<30).map { $0 })
        #expect(Array(flat[45...]) == (45..<60).map { $0 })
    }

    @Test(arguments: ["ts", "mkv", "avi"])
    func aFileThatBreaksOffEndsThere(fileExtension: String) async throws {
        let video = try NumberedVideo("-c:v mpeg4 -q:v 2 -g 12", as: fileExtension)
        let bytes = try Data(contentsOf: video.url)
        try bytes.prefix(bytes.count / 2).write(to: video.url)
        let source = try SourceFile(path: video.path)
        let index = try await MediaIndex.build(of: source)
        #expect((10..<50).contains(index.timeline.frameCount))
        let plan = SamplingPlan(sampling: index.timeline, frameRate: 30, framesPerClip: 100)
        let report = try await ClipProducer(source: source, index: index, settings: .quick)
            .make(plan.clip(at: 0), at: video.file("clip.mp4"))
        #expect(report.frameCount == index.timeline.frameCount)
    }
}
