/// A date of the Gregorian calendar and a time of day without a time zone: what a clock showed.
package struct LocalDateTime: Codable, Hashable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int

    package init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// Such as "2026-07-14 23:59:59": how text sorts by time.
    package var spaced: String { "\(self.date) \(self.time)" }

    package var date: String {
        [Self.padded(self.year, to: 4), Self.padded(self.month), Self.padded(self.day)].joined(separator: "-")
    }

    private var time: String {
        [self.hour, self.minute, self.second].map { Self.padded($0) }.joined(separator: ":")
    }

    private static func padded(_ number: Int, to length: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, length - digits.count)) + digits
    }
}

extension LocalDateTime: CustomStringConvertible {
    /// ISO 8601 without a zone: "2026-07-14T23:59:59".
    package var description: String { "\(self.date)T\(self.time)" }
}
