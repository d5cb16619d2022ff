import Domain
import Foundation
import TestSupport
import Testing

@testable import FrameKit

/// Two packets that hold a field each are one frame.
@Suite struct FieldPairTests {
    private let folder: TestFolder
    private let stream: String

    init() throws {
        self.folder = try TestFolder()
        self.stream = self.folder.file("fields.h264")
        try Data(FieldStream(frameCount: 60).bytes).write(to: URL(fileURLWithPath: self.stream))
    }

    /// The fields in a container that keeps them apart.
    private func contained(as fileExtension: String) throws -> String {
        let path = self.folder.file("fields.\(fileExtension)")
        guard path != self.stream else { return path }
        try NumberedVideo.run(
            "ffmpeg",
            ["-v", "error", "-fflags", "+genpts", "-i", self.stream, "-c", "copy", "-f"]
                + [fileExtension == "ts" ? "mpegts" : fileExtension == "mkv" ? "matroska" : fileExtension, path])
        return path
    }

    @Test(arguments: ["h264", "ts", "mkv", "avi", "mp4"])
    func aPairIsOneFrame(fileExtension: String) async throws {
        let path = try self.contained(as: fileExtension)
        #expect(try NumberedVideo.probe(path, "packet=size").count == 120)
        let source = try SourceFile(path: path)
        let index = try await MediaIndex.build(of: source)
        #expect(index.timeline.frameCount == 60)
        for frameRate in [5, 7, 30] {
            let plan = SamplingPlan(sampling: index.timeline, frameRate: frameRate, framesPerClip: 11)
            let inOrder = ClipProducer(source: source, index: index, settings: .quick)
            for clip in plan.clips {
                let report = try await inOrder.make(clip, at: self.folder.file("clip.mp4"))
                #expect(report.damagedFrames == 0)
                #expect(
                    try NumberedVideo.numbers(in: self.folder.file("clip.mp4")) == clip.positions.map { Int($0) })
                let alone = ClipProducer(source: source, index: index, settings: .quick)
                #expect(try await alone.make(clip, at: self.folder.file("alone.mp4")) == report)
                let bytes = try ["clip.mp4", "alone.mp4"]
                    .map { try Data(contentsOf: URL(fileURLWithPath: self.folder.file($0))) }
                #expect(bytes[0] == bytes[1])
            }
        }
    }
}
