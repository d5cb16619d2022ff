import FrameKit
import ServiceConfiguration

extension EncodingSettings.Preset {
    /// Both modules name x264's presets, and neither knows the other.
    init(_ preset: EncodingSection.Preset) {
        self = Self(rawValue: preset.rawValue) ?? .veryfast
    }
}
