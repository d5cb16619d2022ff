import Foundation
import TestSupport

@testable import FrameKit

/// Copies of a video in which a few stretches of bytes are zeros or noise, each drawn from a seed.
struct DamagedCopies {
    let source: URL

    /// Writes the copy `seed` into `folder`.
    func write(seed: UInt64, into folder: TestFolder) throws -> String {
        var draw = SplitMix(state: seed &* 0x2545_f491_4f6c_dd1d)
        var bytes = try Data(contentsOf: self.source)
        for _ in 0..<(draw.next(below: 2) == 0 ? 1 : 3) {
            let start = bytes.count / 10 + draw.next(below: max(1, bytes.count * 8 / 10))
            let length = min([64, 2000, 30000][draw.next(below: 3)], bytes.count - start)
            let isZero = draw.next(below: 2) == 0
            bytes.replaceSubrange(
                start..<start + length, with: (0..<length).map { _ in isZero ? 0 : UInt8(draw.next(below: 256)) })
        }
        let path = folder.file("damaged-\(seed).\(self.source.pathExtension)")
        try bytes.write(to: URL(fileURLWithPath: path))
        return path
    }
}

/// SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014): the same draws everywhere.
struct SplitMix {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = self.state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ mixed >> 31) % UInt64(bound))
    }
}
