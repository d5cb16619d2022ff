/// Reads bits of the beginning of a NAL unit, leaving out emulation prevention bytes (ITU-T H.264 clauses 7.3.1 and
/// 9.1). Behind the end all bits are 0.
struct BitReader {
    /// More than the parts of headers take that are read.
    private static let longestHeader = 256

    private let bytes: [UInt8]
    private var index = 0
    private var zeroCount = 0
    private var byte: UInt8 = 0
    private var bitsLeft = 0

    /// - Parameter unit: the place of the unit; its first byte is left out.
    init(_ bytes: Span<UInt8>, unit: Range<Int>) {
        self.bytes = unit.dropFirst().prefix(Self.longestHeader).map { bytes[$0] }
    }

    mutating func bit() -> Int {
        if self.bitsLeft == 0 { self.fetchByte() }
        self.bitsLeft -= 1
        return Int(self.byte >> UInt8(self.bitsLeft) & 1)
    }

    /// An unsigned number of `count` bits.
    mutating func number(_ count: Int) -> Int {
        var value = 0
        for _ in 0..<count { value = value << 1 | self.bit() }
        return value
    }

    /// An unsigned Exp-Golomb code; `nil` when it is longer than any valid one.
    mutating func golomb() -> Int? {
        var zeros = 0
        while self.bit() == 0 {
            zeros += 1
            guard zeros < 32 else { return nil }
        }
        return (1 << zeros) - 1 + self.number(zeros)
    }

    private mutating func fetchByte() {
        if self.zeroCount >= 2, self.index < self.bytes.count, self.bytes[self.index] == 3 {
            self.index += 1
            self.zeroCount = 0
        }
        self.byte = self.index < self.bytes.count ? self.bytes[self.index] : 0
        self.index += 1
        self.bitsLeft = 8
        self.zeroCount = self.byte == 0 ? self.zeroCount + 1 : 0
    }
}
