/// One cell of a table, for a workbook and for CSV alike.
package enum Cell: Hashable, Sendable {
    case empty
    case text(String)
    case whole(Int)
    /// A finite number, rounded to `decimals` (0 … 9) places: tables of the same numbers are the same bytes.
    case number(Double, decimals: Int)
    case dateTime(DateTime)
    case flag(Bool)
    /// A file beside the table, by its relative path with slashes.
    case link(path: String)

    /// A date with a time of day, in no time zone: what a camera's clock showed.
    package struct DateTime: Hashable, Sendable {
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

        /// Such as "2026-07-14 23:59:59": how Timelapse writes it, and how text sorts by time.
        package var text: String {
            let date = "\(Self.digits(self.year, 4))-\(Self.digits(self.month, 2))-\(Self.digits(self.day, 2))"
            return "\(date) \(Self.digits(self.hour, 2)):\(Self.digits(self.minute, 2)):\(Self.digits(self.second, 2))"
        }

        private static func digits(_ value: Int, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
    }
}

extension Cell {
    /// Text, or nothing where there is none.
    package static func text(orEmpty text: String?) -> Cell { text.map(Cell.text) ?? .empty }

    /// A whole number, or nothing where there is none.
    package static func whole(orEmpty number: Int?) -> Cell { number.map(Cell.whole) ?? .empty }

    /// A number, or nothing where there is none or it is not finite.
    package static func number(orEmpty number: Double?, decimals: Int) -> Cell {
        guard let number, number.isFinite else { return .empty }
        return .number(number, decimals: decimals)
    }

    /// `value` rounded to `decimals` places.
    static func rounded(_ value: Double, decimals: Int) -> Double {
        let factor = (0..<decimals).reduce(1.0) { factor, _ in factor * 10 }
        let units = (value * factor).rounded()
        // Minus zero would be written as "-0".
        return units == 0 ? 0 : units / factor
    }
}
