internal import Glibc

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

/// What making clips has taken. Processor time, unlike time on the clock, says the same on a busy machine.
package struct ClipCost: Hashable, Sendable {
    /// Frames that went through the decoder, wanted or not.
    package internal(set) var decodedFrames = 0
    /// Processor time of decoding, and of fitting pictures to the clip.
    package internal(set) var decoding = Duration.zero
    /// Processor time of encoding and writing.
    package internal(set) var encoding = Duration.zero
}

/// Processor time of the thread that asks, for what runs on one thread from its start to its end.
enum ThreadTime {
    static var now: Duration {
        var time = timespec()
        // The clock is always there.
        _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
