import Domain

/// Joins parts of a recording whose clock starts again, as when transport streams are put one behind the other: the
/// later part continues where the earlier one ended.
struct TimeJoiner {
    /// Less is a stutter of the clock, not a new start.
    private let shortestJump: Int64
    /// More cannot be a pause. FFmpeg takes a time from before the first one for one of after the clock's wrap
    /// (`libavformat/demux.c`, `wrap_timestamp`), so a clock that starts again earlier seems to jump ahead by a day.
    private let longestPause: Int64
    private var shift: Int64 = 0
    /// When the packet after the last one is due, on the container's clock.
    private var due: Int64?

    /// - Parameter clockBitCount: after so many bits the container's clock starts from 0, as in transport and program
    ///   streams after 26.5 hours (ISO/IEC 13818-1 clause 2.4.3.7).
    init(timeBase: Rational, clockBitCount: Int) {
        self.shortestJump = max(1, timeBase.denominator / timeBase.numerator)
        self.longestPause = clockBitCount < 63 ? 1 << Int64(clockBitCount - 1) : .max
    }

    /// Ticks to add to the times of the next packet.
    mutating func shift(for decodeTime: Int64?, lasting duration: Int64) -> Int64 {
        guard let decodeTime else { return self.shift }
        // Wrapping: the times come from an untrusted file, and the duration is checked afterwards.
        if let due = self.due, due &- decodeTime > self.shortestJump || decodeTime &- due > self.longestPause {
            self.shift &+= due &- decodeTime
        }
        self.due = decodeTime &+ max(1, duration)
        return self.shift
    }
}
