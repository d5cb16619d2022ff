/// Names of files that are being written: `.0123456789abcdef.part`.
enum PartName {
    static func random() -> String {
        let number = UInt64.random(in: .min ... .max)
        return ".\((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }.hexadecimalDigits).part"
    }

    static func matches(_ name: String) -> Bool {
        name.utf8.count == 22 && name.hasPrefix(".") && name.hasSuffix(".part")
    }
}
