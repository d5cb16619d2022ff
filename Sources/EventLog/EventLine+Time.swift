internal import Glibc

extension EventLine {
    /// `2026-11-21T10:00:00.123Z`.
    static func iso8601(_ milliseconds: Int64) -> String {
        // Of the whole second before, also before 1970.
        let fraction = (milliseconds % 1000 + 1000) % 1000
        var moment = time_t((milliseconds - fraction) / 1000)
        var parts = unsafe tm()
        _ = unsafe gmtime_r(&moment, &parts)
        let date = unsafe "\(parts.tm_year + 1900)-\(Self.padded(parts.tm_mon + 1))-\(Self.padded(parts.tm_mday))"
        let time = unsafe "\(Self.padded(parts.tm_hour)):\(Self.padded(parts.tm_min)):\(Self.padded(parts.tm_sec))"
        return "\(date)T\(time).\(Self.padded(Int32(fraction), to: 3))Z"
    }

    /// Now, in milliseconds since 1970.
    static var now: Int64 {
        var time = timespec()
        // The clock is always there.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static func padded(_ number: Int32, to count: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
