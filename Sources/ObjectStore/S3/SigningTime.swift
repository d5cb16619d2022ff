import Glibc

/// The moment that a signature carries, in whole seconds of UTC.
struct SigningTime: Hashable, Sendable {
    /// Such as `20130524T000000Z`.
    let stamp: String

    /// The first eight digits of ``stamp``.
    var day: String { String(self.stamp.prefix(8)) }

    init(secondsSince1970: Int) {
        var seconds: time_t = secondsSince1970
        var parts = unsafe tm()
        _ = unsafe gmtime_r(&seconds, &parts)
        let date = unsafe [parts.tm_year + 1_900, parts.tm_mon + 1, parts.tm_mday].map(Self.digits).joined()
        let time = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map(Self.digits).joined()
        self.stamp = "\(date)T\(time)Z"
    }

    static var now: SigningTime { SigningTime(secondsSince1970: time(nil)) }

    static func now(minusSeconds seconds: Int) -> SigningTime { SigningTime(secondsSince1970: time(nil) - seconds) }

    private static func digits(_ number: Int32) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
