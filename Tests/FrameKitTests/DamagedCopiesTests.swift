import Domain
import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// A frame's picture does not depend on who made the clip, and is the one that a decoder shows that started at the
/// first packet: held for damaged copies of videos of each codec family.
///
/// More of them: `DAMAGED_SEEDS=1-50 DAMAGED_FILES=a.mp4:b.ts swift test --filter DamagedCopiesTests`.
@Suite struct DamagedCopiesTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let encoding: String
        let fileExtension: String
        var testDescription: String { "\(self.fileExtension): \(self.encoding)" }
    }

    static let kinds: [Kind] = [
        Kind(encoding: "-c:v libx264 -preset veryfast -bf 3 -g 24", fileExtension: "mp4"),
        Kind(encoding: "-c:v libx264 -preset veryfast -bf 2 -g 20 -x264-params open-gop=1", fileExtension: "ts"),
        Kind(encoding: "-c:v libx264 -preset veryfast -g 250", fileExtension: "h264"),
        Kind(encoding: "-c:v libx264 -preset veryfast -x264-params intra-refresh=1:keyint=30", fileExtension: "mkv"),
        Kind(encoding: "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=25", fileExtension: "mkv"),
        Kind(encoding: "-c:v mpeg4 -q:v 3 -bf 2 -g 30", fileExtension: "avi"),
        Kind(encoding: "-c:v msmpeg4 -q:v 3 -g 30", fileExtension: "avi"),
        Kind(encoding: "-c:v mpeg2video -q:v 3 -bf 2 -g 15", fileExtension: "ts"),
        Kind(encoding: "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 30", fileExtension: "webm"),
        Kind(encoding: "-c:v libvpx -deadline realtime -cpu-used 8 -g 30", fileExtension: "webm"),
        Kind(encoding: "-c:v mjpeg -q:v 4 -pix_fmt yuvj420p", fileExtension: "avi"),
    ]

    /// What one frame of a clip shows.
    private struct Shown: Hashable {
        let frame: ShownFrame
        let checkSum: UInt64
    }

    static var seeds: ClosedRange<UInt64> {
        let wish = ProcessInfo.processInfo.environment["DAMAGED_SEEDS"]
        let bounds = wish?.split(separator: "-").compactMap { UInt64($0) }
        guard let bounds, let first = bounds.first, let last = bounds.last else { return 1...4 }
        return first...last
    }

    static var files: [URL] {
        let list = ProcessInfo.processInfo.environment["DAMAGED_FILES"] ?? ""
        return list.split(separator: ":").map { URL(fileURLWithPath: String($0)) }
    }

    @Test(arguments: kinds)
    func picturesDoNotDependOnWhereDecodingStarted(kind: Kind) async throws {
        let video = try NumberedVideo(kind.encoding, as: kind.fileExtension, frameCount: 150, size: "160x96")
        try await Self.compareCopies(of: video.url)
    }

    @Test(arguments: files)
    func picturesOfFurtherFilesDoNotEither(file: URL) async throws { try await Self.compareCopies(of: file) }

    /// Every later picture refers to one that is not there, and no start but the first packet is sound.
    @Test(arguments: [UInt8(0), 0xff])
    func aStreamWhoseOnlyKeyframeIsLostIsTheSameForEverybody(byte: UInt8) async throws {
        let video = try NumberedVideo(
            "-c:v libx264 -preset veryfast -bf 0 -g 250 -keyint_min 250", as: "mp4", frameCount: 150, size: "160x96")
        try DamagedVideoTests.damage(video, packets: 0...0, with: byte)
        try await Self.compare(video.path)
    }

    private static func compareCopies(of url: URL) async throws {
        let folder = try TestFolder()
        try await self.compare(url.path)
        for seed in Self.seeds { try await self.compare(DamagedCopies(source: url).write(seed: seed, into: folder)) }
    }

    private static func compare(_ path: String) async throws {
        let source = try SourceFile(path: path)
        // What is refused is refused to everybody.
        guard let index = try await Self.index(of: source) else { return }
        let name = source.name
        let reference = try ReferenceDecoding(of: source, by: index)
        for rate in [7, 60] {
            let clips = SamplingPlan(sampling: index.timeline, frameRate: rate, framesPerClip: 12).clips
            var inOrder = try PictureReader(reading: source, by: index, limits: .standard)
            for clip in clips {
                let shown = try Self.frames(of: clip, from: &inOrder)
                var alone = try PictureReader(reading: source, by: index, limits: .standard)
                let shownAlone = try Self.frames(of: clip, from: &alone)
                #expect(shown == shownAlone, "\(name), clip \(clip.index) at \(rate)/s: another picture alone")
                Self.compare(shown, with: reference, index, "\(name), clip \(clip.index) at \(rate)/s")
            }
        }
    }

    private static func index(of source: SourceFile) async throws -> MediaIndex? {
        do throws(MediaError) {
            return try await MediaIndex.build(of: source)
        } catch {
            try #require(error.code == .unreadable || error.code == .limitExceeded)
            return nil
        }
    }

    private static func frames(of clip: ClipPlan, from reader: inout PictureReader) throws -> [Shown] {
        var shown: [Shown] = []
        do throws(MediaError) {
            try reader.forEachFrame(at: clip.positions) { frame, picture in
                shown.append(Shown(frame: frame, checkSum: picture.checkSum))
                return true
            }
        } catch {
            try #require(error.code == .unreadable)
            return []
        }
        return shown
    }

    private static func compare(
        _ shown: [Shown], with reference: ReferenceDecoding, _ index: MediaIndex, _ place: String
    ) {
        for shown in shown {
            let position = shown.frame.position
            guard let expected = reference.pictures[position], !reference.isUndefined(position, in: index) else {
                continue
            }
            #expect(shown.checkSum == expected, "\(place): \(shown.frame) is another picture than the reference's")
            if !reference.flagged.contains(position) { continue }
            #expect(shown.frame.isDamaged, "\(place): damage at \(position) is not counted")
        }
    }
}
