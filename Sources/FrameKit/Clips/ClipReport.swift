/// What a finished and verified clip is.
package struct ClipReport: Hashable, Sendable {
    package let frameCount: Int
    /// Frames that show a neighbour's picture because their own does not decode.
    package let damagedFrames: Int
    /// Pixels of the picture, without the pad.
    package let width: Int
    package let height: Int
    /// Pixels of the video, which are even.
    package let paddedWidth: Int
    package let paddedHeight: Int
    /// ``frameCount`` divided by the frame rate.
    package let duration: Duration
}
