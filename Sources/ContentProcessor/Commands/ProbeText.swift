import ContentPipeline

/// A ``ProbeReport`` for reading.
struct ProbeText {
    private let report: ProbeReport

    init(_ report: ProbeReport) { self.report = report }

    /// More clips than this are shown by their first and last ones.
    private static let shownClipCount = 20

    var lines: [String] {
        var lines = ["\(self.report.file), \(self.report.byteCount) bytes"]
        lines += self.facts.map { name, fact in "  \(Self.padded(name, to: 11))\(fact)" }
        if let sampling = self.report.sampling { lines += [""] + self.lines(of: sampling) }
        if !self.report.problems.isEmpty { lines += ["", "Problems"] + self.report.problems.map { "  " + $0 } }
        return lines
    }

    private var facts: [(name: String, fact: String)] {
        [
            ("container", self.report.container), ("video", self.video), ("picture", self.picture),
            ("color", self.color), ("frames", self.frames), ("rate", self.rate), ("keyframes", self.keyframes),
        ] + (self.report.ignoredStreams.isEmpty ? [] : [("ignored", self.ignoredStreams)])
    }

    private var ignoredStreams: String {
        self.report.ignoredStreams.map { stream in
            let kind = stream.kind == "coverArt" ? "cover art" : stream.kind
            let size = stream.width.flatMap { width in stream.height.map { "\(width)×\($0)" } }
            let facts = [stream.codec, size].compactMap { $0 }.joined(separator: ", ")
            return facts.isEmpty ? kind : "\(kind) (\(facts))"
        }.joined(separator: ", ")
    }

    private var video: String {
        let video = self.report.video
        return [video.codec, video.profile, video.pixelFormat, self.fields].compactMap { $0 }.joined(separator: ", ")
    }

    private var fields: String? {
        guard let order = self.report.video.fieldOrder else { return nil }
        let first = order == "topFirst" ? "top" : "bottom"
        let shown = self.report.video.isDeinterlaced ? "deinterlaced by clips" : "kept so by clips"
        return "interlaced, \(first) field first, \(shown)"
    }

    private var picture: String {
        let picture = self.report.picture
        var parts = ["\(picture.width)×\(picture.height) as displayed"]
        if (picture.width, picture.height) != (picture.storedWidth, picture.storedHeight) {
            parts.append("stored as \(picture.storedWidth)×\(picture.storedHeight)")
        }
        if let aspect = picture.pixelAspect, aspect != "1:1" { parts.append("pixels \(aspect)") }
        if picture.rotation != 0 { parts.append("turned by \(picture.rotation)° clockwise") }
        if picture.isMirrored { parts.append("mirrored") }
        return parts.joined(separator: ", ")
    }

    private var color: String {
        let color = self.report.color
        let parts = [
            color.range.map { "\($0) range" }, color.matrix.map { "matrix \($0)" },
            color.primaries.map { "primaries \($0)" }, color.transfer.map { "transfer \($0)" },
            color.isToneMapped ? "high dynamic range, shown in BT.709 by clips" : nil,
        ]
        let told = parts.compactMap { $0 }
        return told.isEmpty ? "not told" : told.joined(separator: ", ")
    }

    private var frames: String {
        let timing = self.report.timing
        return "\(timing.frameCount)" + (timing.duration.map { " in \(Wording.decimal($0)) s" } ?? "")
    }

    private var rate: String {
        let timing = self.report.timing
        guard let rate = timing.meanFrameRate, let gap = timing.longestGap else { return "none: a single frame" }
        let steadiness = timing.isConstantRate ? "constant" : "variable, at most \(Wording.decimal(gap)) s apart"
        return "\(Wording.decimal(rate)) frames/s, \(steadiness)"
    }

    private var keyframes: String {
        let keyframes = self.report.keyframes
        guard let mean = keyframes.meanSpacing, let longest = keyframes.longestSpacing else {
            return "\(keyframes.count)"
        }
        guard keyframes.count > 1 else { return "1" }
        return "\(keyframes.count), one every \(Wording.decimal(mean)) s, at most \(Wording.decimal(longest)) s apart"
    }

    private func lines(of sampling: ProbeReport.Sampling) -> [String] {
        let lines = sampling.clips.map { clip in
            "  \(clip.name): \(clip.frameCount) of frames \(clip.frameStart)–\(clip.frameEnd),"
                + " from \(Wording.decimal(clip.frameStartTime)) s, \(clip.duration) long"
        }
        let frameCount = Wording.count(self.report.timing.frameCount, "frame")
        let hidden = max(0, lines.count - Self.shownClipCount)
        let shown = hidden == 0 ? lines : lines.dropLast(hidden + 1) + ["  … \(hidden) more …"] + lines.suffix(1)
        return [
            "At \(sampling.frameRate) frames/s: \(sampling.keptFrameCount) of \(frameCount)"
                + " in \(Wording.count(lines.count, "clip")) of at most \(sampling.framesPerTask)"
        ] + shown
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
