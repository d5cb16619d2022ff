internal import Domain
internal import FrameKit

/// What is wrong with a video, as far as its packets tell.
struct MediaProblems {
    let timeline: FrameTimeline
    let media: MediaDescription
    /// Frames to keep per second, where that is known.
    let frameRate: Int?

    /// Farther apart, keyframes make single clips dear: each decodes from the keyframe before it.
    private static let longKeyframeSpacing = 10.0

    /// One sentence for each problem; empty when all is well.
    var sentences: [String] {
        [
            self.missingPackets, self.brokenPackets, self.packetsWithoutFrames, self.gap, self.otherVideos,
            self.fewStarts, self.slowSource,
        ].compactMap { $0 }
    }

    private var missingPackets: String? {
        guard let declared = self.media.declaredPacketCount, self.media.packetCount < declared else { return nil }
        return "The file is cut short or damaged: it promises \(declared) frames and holds \(self.media.packetCount)."
    }

    private var brokenPackets: String? {
        let count = self.media.brokenPacketCount
        guard count > 0 else { return nil }
        return "\(count) of \(Wording.count(self.media.packetCount, "packet")) \(count == 1 ? "is" : "are") damaged:"
            + " clips may show the frame before in place of what does not decode."
    }

    private var otherVideos: String? {
        let count = self.media.otherStreams.count { $0.kind == .video }
        guard count > 0 else { return nil }
        return "The file holds \(Wording.count(count, "further video")): only the one shown above gets clips."
    }

    /// Told only of codecs that put a frame into every packet; a field may have a packet of its own.
    private var packetsWithoutFrames: String? {
        let count = self.media.packetCount - self.timeline.frameCount
        guard count > 0, ["h264", "hevc"].contains(self.media.codec), !self.media.isInterlaced else { return nil }
        return "\(count) of \(Wording.count(self.media.packetCount, "packet")) show no frame: damaged, with a repeated"
            + " time, or outside of what the file shows."
    }

    /// A pause much longer than the usual distance between two frames.
    private var gap: String? {
        guard let gap = self.timeline.longestGap, let rate = self.timeline.meanFrameRate else { return nil }
        let seconds = self.timeline.seconds(ofTicks: gap.ticks)
        guard seconds >= max(1, 5 / rate) else { return nil }
        let start = Wording.decimal(self.timeline.seconds(at: gap.position))
        return "No frame comes for \(Wording.decimal(seconds)) s after frame \(gap.position + 1) at \(start) s."
    }

    private var fewStarts: String? {
        let starts = ProbeReport.Keyframes(at: self.media.decodingStarts, in: self.timeline)
        guard let longest = starts.longestSpacing else {
            return self.timeline.frameCount > 1
                ? "No keyframe is marked: every clip is decoded from the start of the file." : nil
        }
        guard longest > Self.longKeyframeSpacing else { return nil }
        return
            "Keyframes are up to \(Wording.decimal(longest)) s apart: a clip in between is decoded from the one before it."
    }

    private var slowSource: String? {
        guard let frameRate, let rate = self.timeline.meanFrameRate, rate < Double(frameRate) * 0.999 else {
            return nil
        }
        return "The video has \(Wording.decimal(rate)) frames per second, fewer than the \(frameRate) asked for:"
            + " each is kept once, and clips play \(Wording.decimal(Double(frameRate) / rate)) times as fast."
    }
}
