/// What a video may ask of the machine; checked before anything is decoded.
package struct MediaLimits: Hashable, Sendable {
    /// Width × height of one picture.
    package let pixelCount: Int
    /// Width or height of one picture as displayed: what the encoder takes (x264's `MAX_RESOLUTION`).
    package let sideLength = 16_384
    /// From the first frame to the last.
    package let duration: Duration
    /// Streams of any kind in one file.
    package let streamCount: Int

    package init(pixelCount: Int, duration: Duration, streamCount: Int) {
        self.pixelCount = pixelCount
        self.duration = duration
        self.streamCount = streamCount
    }

    /// Room for 8K pictures and two days; what remains refused is damaged or hostile.
    package static let standard = MediaLimits(
        pixelCount: 8192 * 8192, duration: .seconds(48 * 3600), streamCount: 64)
}
