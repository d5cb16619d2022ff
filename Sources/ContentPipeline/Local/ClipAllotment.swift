/// Which clip each of several makers makes next.
///
/// Every maker has a run of clips that follow each other, so that its decoder stays open. One that has nothing left
/// takes over the later half of the longest rest, so that all are busy to the end.
///
/// Each run of its own costs: where it starts, the decoder goes through all pictures from the keyframe before.
struct ClipAllotment: Hashable {
    /// Decoding and encoding side by side, one maker keeps that many cores busy.
    private static let coresPerMaker = 2
    /// So many clips make what a start costs small even where keyframes are 10 seconds apart.
    private static let worthwhileRun = 8
    /// A shorter rest ends as soon without help.
    private static let sharableRest = 4

    /// For each maker the clips that it has not begun.
    private var rests: [Range<Int>]

    /// Deals out clips 0 ..< `clipCount` in runs of nearly equal length.
    ///
    /// - Parameter makerCount: at least 1.
    init(clipCount: Int, makerCount: Int) {
        self.rests = (0..<makerCount).map { maker in
            clipCount * maker / makerCount..<clipCount * (maker + 1) / makerCount
        }
    }

    /// How many makers keep `coreCount` cores busy without more work in all.
    static func makerCount(clipCount: Int, coreCount: Int) -> Int {
        max(1, min(coreCount / Self.coresPerMaker, clipCount / Self.worthwhileRun))
    }

    /// The next clip for a maker; `nil` when others make what is left.
    mutating func next(for maker: Int) -> Int? {
        if self.rests[maker].isEmpty { self.takeOver(for: maker) }
        return self.rests[maker].popFirst()
    }

    private mutating func takeOver(for maker: Int) {
        guard let longest = self.rests.indices.max(by: { self.rests[$0].count < self.rests[$1].count }) else { return }
        let rest = self.rests[longest]
        guard rest.count >= Self.sharableRest else { return }
        let middle = rest.lowerBound + rest.count / 2
        self.rests[longest] = rest.lowerBound..<middle
        self.rests[maker] = middle..<rest.upperBound
    }
}
