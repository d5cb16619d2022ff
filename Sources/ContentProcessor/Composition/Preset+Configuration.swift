import FrameKit
import ServiceConfiguration

extension FrameKit.EncodingSettings.Preset {
    /// Both modules name x264's presets, and neither knows the other.
    init(_ preset: ServiceConfiguration.EncodingSettings.Preset) {
        self = Self(rawValue: preset.rawValue) ?? .veryfast
    }
}
