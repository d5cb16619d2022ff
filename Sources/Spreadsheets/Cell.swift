package import Domain

/// One cell of a table, for a workbook and for CSV alike.
package enum Cell: Hashable, Sendable {
    case empty
    case text(String)
    case whole(Int)
    /// A finite number, rounded to `decimals` (0 … 9) places: tables of the same numbers are the same bytes.
    case number(Double, decimals: Int)
    case dateTime(LocalDateTime)
    case flag(Bool)
    /// A file beside the table, by its relative path with slashes.
    case link(path: String)
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
