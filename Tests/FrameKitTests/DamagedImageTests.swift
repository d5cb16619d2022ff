import Domain
import Foundation
import TestSupport
import Testing

@testable import FrameKit

@Suite struct DamagedImageTests {
    /// Encoders of pictures that a half of is no whole picture.
    static let encoders: [[String]] = [
        ["-c:v", "mjpeg", "-q:v", "2"], ["-c:v", "png"], ["-c:v", "libwebp"], ["-c:v", "libwebp", "-lossless", "1"],
    ]

    /// A test picture of 320×240 as a file.
    static func image(_ encoder: [String], size: String = "320x240") throws -> [UInt8] {
        try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", "testsrc=s=\(size)", "-frames:v", "1"] + encoder
                + ["-f", "image2pipe", "-"])
    }

    /// Whether the picture decodes and is whole; `nil` when it does not decode.
    private static func isWhole(_ bytes: [UInt8]) -> Bool? {
        do throws(MediaError) {
            return try ImageDecoder.decode(bytes, name: "a", limits: .standard).isWhole
        } catch {
            return nil
        }
    }

    @Test(arguments: encoders)
    func onlyAWholeFileIsAWholePicture(encoder: [String]) throws {
        let bytes = try Self.image(encoder)
        #expect(Self.isWhole(bytes) == true)
        #expect(Self.isWhole(bytes + [0, 0, 0]) == true)
        for share in [0.1, 0.3, 0.5, 0.7, 0.9] {
            let cut = Array(bytes.prefix(Int(Double(bytes.count) * share)))
            #expect(Self.isWhole(cut) != true, "\(share)")
        }
        #expect(Self.isWhole(Array(bytes.dropLast(20))) != true)
    }

    @Test func aDamagedChecksumOfAPNGIsSeen() throws {
        var bytes = try Self.image(["-c:v", "png"])
        bytes[bytes.count / 2] ^= 0xFF
        #expect(Self.isWhole(bytes) != true)
    }

    @Test func aPNGIsTurnedAsEXIFSays() throws {
        let png = try Self.image(["-c:v", "png"])
        let tiff: [UInt8] = [
            0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
        ]
        let chunk = Array("eXIf".utf8) + tiff
        let file = png[..<33] + Self.big(UInt32(tiff.count)) + chunk + Self.big(Self.crc32(chunk)) + png[33...]
        let image = try ImageDecoder.decode(Array(file), name: "a", limits: .standard)
        let isWhole = image.isWhole
        #expect(isWhole)
        #expect(image.size == PictureSize(width: 240, height: 320))
    }

    @Test func anAnimatedWebPShowsItsFirstPicture() throws {
        let bytes = try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x48:r=2", "-frames:v", "3", "-c:v", "libwebp_anim"]
                + ["-f", "webp", "-"])
        #expect(String(decoding: bytes, as: UTF8.self).contains("ANMF"))
        let image = try ImageDecoder.decode(bytes, name: "a", limits: .standard)
        let isWhole = image.isWhole
        #expect(isWhole)
        #expect(image.size == PictureSize(width: 64, height: 48))
    }

    @Test func absurdSizesAreRefusedInOneSentence() throws {
        var png = try Self.image(["-c:v", "png"])
        for size in [[0x7F, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0]] as [[UInt8]] {
            png.replaceSubrange(16..<20, with: size)
            png.replaceSubrange(20..<24, with: size)
            #expect(Self.isWhole(png) == nil)
        }
    }

    private static func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 0xFF) } }

    /// Of ISO 3309, as PNG has it.
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }
}

/// Clips of images of which some cannot be shown.
@Suite struct MixedImageClipTests {
    private static func make(_ files: [[UInt8]]) async throws -> ImageClipProducer.Report {
        let timeline = FrameTimeline(imageCount: files.count)
        let plan = SamplingPlan(sampling: timeline, frameRate: FrameTimeline.imageRate, framesPerClip: files.count)
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).mp4").path()
        defer { try? FileManager.default.removeItem(atPath: path) }  // Gone already when writing failed.
        return try await ImageClipProducer().make(plan.clip(at: 0), at: path, bytes: { files[$0] })
    }

    @Test func theFirstImageMayBeTheDamagedOne() async throws {
        let jpeg = try DamagedImageTests.image(["-c:v", "mjpeg"])
        let report = try await Self.make([Array("no picture".utf8), Array(jpeg.prefix(jpeg.count / 2)), jpeg])
        #expect(report.clip.damagedFrames == 2)
        #expect((report.clip.width, report.clip.height) == (320, 240))
        #expect(report.places.map { $0 == nil } == [true, false, false])
        #expect(report.problems.map { $0 == nil } == [false, false, true])
    }

    @Test func aClipOfNothingIsBlack() async throws {
        let report = try await Self.make([[], [1, 2, 3]])
        #expect(report.clip.damagedFrames == 2)
        #expect(report.problems.compactMap { $0 }.allSatisfy { !$0.contains("(") })
    }

    @Test func aSmallImageInFrontDoesNotShrinkTheRest() async throws {
        let sizes = ["32x24", "640x200", "100x300", "4000x1000"]
        let report = try await Self.make(try sizes.map { try DamagedImageTests.image(["-c:v", "png"], size: $0) })
        #expect((report.clip.width, report.clip.height) == (1920, 480))
        #expect(report.places.map { $0?.scale } == [1, 1, 1, 0.48])
    }
}
