/// An exact fraction with a positive denominator, as in a time base (1/90000 s) or a frame rate (30000/1001 per
/// second).
package struct Rational: Hashable, Sendable, Codable {
    package let numerator: Int64
    package let denominator: Int64

    /// - Precondition: `denominator` is positive.
    package init(_ numerator: Int64, _ denominator: Int64) {
        precondition(denominator > 0, "a fraction needs a positive denominator")
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The nearest floating-point value; for showing and storing, never for deciding.
    package var approximate: Double { Double(self.numerator) / Double(self.denominator) }
}
