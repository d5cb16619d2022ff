/// Numbers that look random and are the same for the same words, on every machine and in every release.
///
/// The words become a seed by FNV-1a (<https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>); the numbers are
/// those of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
package struct SeededDraws: Sendable {
    private var state: UInt64

    package init(_ words: String...) {
        self.state = words.joined(separator: "\n").utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
    }

    package mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 to just below 1.
    package mutating func fraction() -> Double { Double(self.next() >> 11) * 0x1p-53 }

    package mutating func number(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * self.fraction()
    }
}
