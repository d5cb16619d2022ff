internal import Blocking
internal import Domain

/// Steps through the frames of a video, exactly: every frame that the container shows, once, in the order of showing.
///
/// The pictures are upright and have square pixels. A frame's picture does not depend on what was read before, so any
/// number of readers of one file give the same bytes. Memory does not grow with the video, but for its index of about 50
/// bytes a frame. See the article <doc:FrameKit> for an example.
///
/// Thread rule: any task may call it; calls run one after the other on a thread of the reader's own.
public actor VideoReader {
    private nonisolated let executor = BlockingExecutor(label: "framekit.video")
    /// The reader's own thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    /// Frames of the video.
    public nonisolated let frameCount: Int

    private let source: SourceFile
    private let index: MediaIndex
    private var fitter: PictureFitter
    private var pixels = PixelReader(.rgb)
    /// Opened by the first frame.
    private var pictures: PictureReader?
    /// What ``next()`` gives.
    private var position = 0
    /// The last frames by position, once one of them was asked for: the decoder gives them out together.
    private var lastFrames: [Int: VideoFrame] = [:]

    /// Opens the video at `path` and finds its frames without decoding them.
    ///
    /// - Parameter path: of a regular file that the caller has checked may be read.
    /// - Throws: ``MediaError/Code/inaccessible``, ``MediaError/Code/unreadable`` when it is no video,
    ///   ``MediaError/Code/limitExceeded`` over 8192 × 8192 pixels, two days or 64 streams,
    ///   ``MediaError/Code/cancelled``, ``MediaError/Code/inputOutput``.
    public static func open(_ path: String) async throws(MediaError) -> VideoReader {
        let source = try SourceFile(path: path)
        return VideoReader(source, try await MediaIndex.build(of: source))
    }

    private init(_ source: SourceFile, _ index: MediaIndex) {
        self.source = source
        self.index = index
        self.fitter = PictureFitter(fitting: index.geometry)
        self.frameCount = index.timeline.frameCount
    }

    /// The frame after the one that was given last, and first of all frame 0; `nil` at the end.
    ///
    /// - Throws: ``MediaError/Code/unreadable`` when no picture of the video decodes,
    ///   ``MediaError/Code/sourceChanged``, ``MediaError/Code/cancelled``, ``MediaError/Code/outOfMemory``,
    ///   ``MediaError/Code/inputOutput``.
    public func next() throws(MediaError) -> VideoFrame? {
        guard self.position < self.frameCount else { return nil }
        let position = self.position
        if self.lastFrames[position] == nil { try self.decode(from: position) }
        guard let frame = self.lastFrames.removeValue(forKey: position) else {
            throw MediaError(
                .unreadable, "frame \(position) of \(self.source.name) does not decode", from: "avcodec_receive_frame")
        }
        self.position = position + 1
        return frame
    }

    /// Makes ``next()`` continue with frame `number`.
    ///
    /// - Precondition: `number` is in `0...frameCount`.
    public func seek(toFrame number: Int) {
        precondition(0...self.frameCount ~= number, "the video has \(self.frameCount) frames")
        self.position = number
        self.lastFrames = [:]
    }

    /// Decodes the frame at `position`; near the end all that are left, since the decoder gives them only when it knows
    /// that no packet follows.
    private func decode(from position: Int) throws(MediaError) {
        let isNearEnd = position + self.index.reorderDepth + 1 >= self.frameCount
        let wanted = (position..<(isNearEnd ? self.frameCount : position + 1)).map { Int32($0) }
        // After an error the decoder is not used again.
        var pictures =
            if let open = self.pictures.take() { open } else {
                try PictureReader(reading: self.source, by: self.index, limits: .standard)
            }
        try pictures.forEachFrame(at: wanted[...]) { shown, frame throws(MediaError) in
            let picture = try Picture(fitted: self.fitter.fit(frame), geometry: self.index.geometry)
            self.lastFrames[shown.position] = VideoFrame(
                number: shown.position, time: self.time(of: shown.position), width: picture.width,
                height: picture.height, isDamaged: shown.isDamaged, pixels: try self.pixels.pixels(of: picture))
            return true
        }
        self.pictures = consume pictures
    }

    private func time(of position: Int) -> Duration {
        let timeline = self.index.timeline
        let ticks = timeline.ticks[position] - (timeline.ticks.first ?? 0)
        let nanoseconds = Double(ticks) * timeline.timeBase.approximate * 1e9
        return .nanoseconds(Int64(nanoseconds.rounded()))
    }
}

/// One frame of a video, as a viewer sees it.
public struct VideoFrame: Hashable, Sendable {
    /// Counted from 0 in the order of showing.
    public let number: Int
    /// When it is shown, from the first frame on.
    public let time: Duration
    /// Pixels in a row, at least 1.
    public let width: Int
    /// Rows, at least 1.
    public let height: Int
    /// Whether the stream is damaged here: the frame shows another frame's picture, or one of which FFmpeg had to guess
    /// a part.
    public let isDamaged: Bool
    /// Red, green and blue of each pixel, row after row from the top without gaps: height × width × 3 bytes, in
    /// BT.709's primaries, 0 … 255.
    public let pixels: [UInt8]
}
