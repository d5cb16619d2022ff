import Domain
import FoundationEssentials
import FrameKit

/// FFmpeg and x264: makes and verifies one small clip with the configured settings.
struct EncoderCheck: Check {
    private static let name = "encoder"

    let settings: EncodingSettings
    /// Takes the clip.
    let scratch: String

    /// A grey picture of 16 by 16 pixels, as PNG.
    private static let picture =
        "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAAAAAA6mKC9AAAAD0lEQVR42mNoQAMMI1sAAAUMgAHjM1mKAAAAAElFTkSuQmCC"

    func diagnostics() async -> [Diagnostic] {
        let path = "\(self.scratch)/doctor-\(UUID().uuidString).mp4"
        defer { try? FileManager.default.removeItem(atPath: path) }  // Not there unless a clip was made.
        let picture = Array(Data(base64Encoded: Self.picture) ?? Data())
        let timeline = FrameTimeline(imageCount: 8)
        let plan = SamplingPlan(sampling: timeline, frameRate: FrameTimeline.imageRate, framesPerClip: 8)
        do {
            try FileManager.default.createDirectory(atPath: self.scratch, withIntermediateDirectories: true)
            let report = try await ImageClipProducer(settings: self.settings)
                .make(plan.clip(at: 0), at: path, bytes: { _ in picture })
            let made =
                "made a clip of \(report.clip.frameCount) frames with x264, preset \(self.settings.preset.rawValue)"
            return [.ok(Self.name, "\(LibraryVersion.text); \(made)")]
        } catch {
            return [
                .failed(
                    Self.name, "\(LibraryVersion.text); \(ErrorLine.text(of: error))",
                    advice:
                        "install FFmpeg with libx264 (Debian's libavcodec59 has it), and make the work folder writable")
            ]
        }
    }
}
