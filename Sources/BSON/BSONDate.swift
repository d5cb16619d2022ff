internal import FoundationEssentials

/// Stored dates are whole milliseconds since 1970, `Date` is a double of seconds.
extension Date {
    /// The date at exactly these milliseconds; `nil` for the far future and past that a double cannot hold.
    init?(bsonMilliseconds milliseconds: Int64) {
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        guard date.roundedMilliseconds == milliseconds else { return nil }
        self = date
    }

    /// Rounded to the nearest millisecond. Throws `.unencodable` for an infinite date.
    var bsonMilliseconds: Int64 {
        get throws(BSONError) {
            guard let milliseconds = self.roundedMilliseconds else {
                throw BSONError(.unencodable, "a date out of range")
            }
            return milliseconds
        }
    }

    private var roundedMilliseconds: Int64? {
        Int64(exactly: (self.timeIntervalSince1970 * 1000).rounded())
    }
}
