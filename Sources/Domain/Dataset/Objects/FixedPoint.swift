/// Numbers as text with a fixed count of decimals, the same in every locale and on every machine.
package enum FixedPoint {
    /// - Parameters:
    ///   - value: finite, and small enough that its last decimal is exact: below 10^15 without its decimals' factor.
    ///   - decimals: 1 … 9; the last is rounded, half away from zero.
    package static func text(_ value: Double, decimals: Int) -> String {
        let factor = (0..<decimals).reduce(1) { factor, _ in factor * 10 }
        let units = Int((value.magnitude * Double(factor)).rounded())
        let fraction = String(units % factor + factor).dropFirst()
        return "\(value < 0 && units > 0 ? "-" : "")\(units / factor).\(fraction)"
    }
}
