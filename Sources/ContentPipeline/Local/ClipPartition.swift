/// Which clip each of several producers makes next.
///
/// Every producer has a run of clips that follow each other, so that its decoder stays open. One that has nothing left
/// takes over the later half of the longest rest, so that all are busy to the end.
///
/// Each run of its own costs: where it starts, the decoder goes through all pictures from the keyframe before.
struct ClipPartition: Hashable {
    /// Decoding and encoding side by side, one producer keeps that many cores busy.
    private static let coresPerProducer = 2
    /// So many clips make what a start costs small even where keyframes are 10 seconds apart.
    private static let worthwhileRun = 8
    /// A shorter rest ends as soon without help.
    private static let sharableRest = 4

    /// For each producer the clips that it has not begun.
    private var rests: [Range<Int>]

    /// Deals out clips 0 ..< `clipCount` in runs of nearly equal length.
    ///
    /// - Parameter producerCount: at least 1.
    init(clipCount: Int, producerCount: Int) {
        self.rests = (0..<producerCount).map { producer in
            clipCount * producer / producerCount..<clipCount * (producer + 1) / producerCount
        }
    }

    /// How many producers keep `coreCount` cores busy without more work in all.
    static func producerCount(clipCount: Int, coreCount: Int) -> Int {
        max(1, min(coreCount / Self.coresPerProducer, clipCount / Self.worthwhileRun))
    }

    /// The next clip for a producer; `nil` when others make what is left.
    mutating func next(for producer: Int) -> Int? {
        if self.rests[producer].isEmpty { self.takeOver(for: producer) }
        return self.rests[producer].popFirst()
    }

    private mutating func takeOver(for producer: Int) {
        guard let longest = self.rests.indices.max(by: { self.rests[$0].count < self.rests[$1].count }) else { return }
        let rest = self.rests[longest]
        guard rest.count >= Self.sharableRest else { return }
        let middle = rest.lowerBound + rest.count / 2
        self.rests[longest] = rest.lowerBound..<middle
        self.rests[producer] = middle..<rest.upperBound
    }
}
