/// How clips are encoded. The same settings give the same bytes on every machine.
package struct EncodingSettings: Hashable, Sendable {
    /// x264's trade of time for size, from fastest to smallest.
    package enum Preset: String, Sendable, CaseIterable {
        case ultrafast
        case superfast
        case veryfast
        case faster
        case fast
        case medium
        case slow
        case slower
        case veryslow
    }

    package let preset: Preset
    /// Constant rate factor: 0 best … 51 worst; 6 more halve the size.
    package let crf: Double
    /// The longest distance between two keyframes.
    package let gopSeconds: Double
    /// Whether the later field of interlaced pictures is replaced by lines between those of the earlier one.
    package let deinterlaces: Bool

    package init(
        preset: Preset = .veryfast, crf: Double = 23, gopSeconds: Double = 1, deinterlaces: Bool = false
    ) {
        self.preset = preset
        self.crf = crf
        self.gopSeconds = gopSeconds
        self.deinterlaces = deinterlaces
    }

    /// The same settings, but for interlaced pictures.
    package func deinterlacing(_ isOn: Bool) -> EncodingSettings {
        EncodingSettings(preset: self.preset, crf: self.crf, gopSeconds: self.gopSeconds, deinterlaces: isOn)
    }

    /// The longest distance between two keyframes of a clip at `frameRate`, in frames.
    func gopFrameCount(at frameRate: Int) -> Int { max(1, Int(Double(frameRate) * self.gopSeconds)) }
}
