/// Which clip each of several makers makes next.
///
/// Every maker has a run of clips that follow each other, so that its decoder stays open. One that has nothing left
/// takes over the later half of the longest rest, so that all are busy to the end.
struct ClipAllotment: Hashable {
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

    /// The next clip for a maker; `nil` when all clips have been begun.
    mutating func next(for maker: Int) -> Int? {
        if self.rests[maker].isEmpty { self.takeOver(for: maker) }
        return self.rests[maker].popFirst()
    }

    private mutating func takeOver(for maker: Int) {
        guard let longest = self.rests.indices.max(by: { self.rests[$0].count < self.rests[$1].count }) else { return }
        let rest = self.rests[longest]
        let middle = rest.lowerBound + rest.count / 2
        self.rests[longest] = rest.lowerBound..<middle
        self.rests[maker] = middle..<rest.upperBound
    }
}
