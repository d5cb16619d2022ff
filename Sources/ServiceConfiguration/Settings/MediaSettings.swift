/// `[Content]`: which uploads are taken, and how they are cut.
package struct ContentSettings: Hashable, Sendable {
    /// Lower case, without dots.
    package let allowedExtensions: [String]
    package let framesPerTask: Int
    package let maximumDuration: Duration
    /// Width × height of the decoded picture.
    package let maximumPixelCount: Int
    package let maximumByteCount: Int64
    package let forceWriteDiscardsHumanWork: Bool

    init(_ values: SectionValues<ContentKeys>) throws(ConfigurationError) {
        self.allowedExtensions = try values.allowedExtensions
        self.framesPerTask = try values.framesPerTask
        self.maximumDuration = .seconds(try values.maximumHours * 3600)
        self.maximumPixelCount = try values.maximumPixels
        self.maximumByteCount = Int64((try values.maximumGigabytes * 1e9).rounded())
        self.forceWriteDiscardsHumanWork = try values.discardsHumanWork
    }
}

/// `[Encoding]`: how clips and dataset images are compressed.
package struct EncodingSection: Hashable, Sendable {
    /// x264's presets, from fastest to smallest.
    package enum Preset: String, CaseIterable, Sendable {
        case ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow, placebo
    }

    package let preset: Preset
    /// x264's constant rate factor, 0 (lossless) … 51.
    package let crf: Double
    /// Seconds between keyframes, at most.
    package let gopSeconds: Double
    /// Whether interlaced video becomes progressive.
    package let deinterlaces: Bool
    /// 1 … 100.
    package let jpegQuality: Int

    init(_ values: SectionValues<EncodingKeys>) throws(ConfigurationError) {
        self.preset = try values.preset
        self.crf = try values.crf
        self.gopSeconds = try values.gopSeconds
        self.deinterlaces = try values.deinterlace
        self.jpegQuality = try values.jpegQuality
    }
}
