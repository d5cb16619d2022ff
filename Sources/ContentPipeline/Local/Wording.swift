/// Numbers in sentences for people.
package enum Wording {
    /// `value` with at most three decimals and no zeros at their end, such as "29.97".
    package static func decimal(_ value: Double) -> String {
        let thousandths = Int((value.magnitude * 1000).rounded())
        var decimals = String(thousandths % 1000 + 1000).dropFirst()
        while decimals.last == "0" { decimals.removeLast() }
        let sign = value < 0 && thousandths > 0 ? "-" : ""
        return "\(sign)\(thousandths / 1000)\(decimals.isEmpty ? "" : "." + decimals)"
    }

    /// Such as "1 clip" and "2 clips".
    package static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
