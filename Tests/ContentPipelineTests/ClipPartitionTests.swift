import Testing

@testable import ContentPipeline

@Suite struct ClipAllotmentTests {
    static let sizes = [(0, 1), (1, 1), (1, 4), (7, 2), (10, 3), (300, 2), (5, 5)]

    @Test(arguments: sizes)
    func everyClipIsMadeOnceWhoeverIsFaster(clipCount: Int, producerCount: Int) {
        // The last producer takes one clip in the time in which each of the others takes as many as it is slow.
        for slowness in 1...4 {
            var partition = ClipPartition(clipCount: clipCount, producerCount: producerCount)
            var made: [Int] = []
            for round in 0..<slowness * (clipCount + 1) {
                for producer in 0..<producerCount where producer < producerCount - 1 || round % slowness == 0 {
                    if let clip = partition.next(for: producer) { made.append(clip) }
                }
            }
            #expect(made.sorted() == Array(0..<clipCount))
        }
    }

    @Test func aMakerGoesOnWithTheNextClipWhileItsRunLasts() {
        var partition = ClipPartition(clipCount: 8, producerCount: 2)
        let first = (0..<4).map { _ in partition.next(for: 0) }
        #expect(first == [0, 1, 2, 3])
        // Nothing left: the later half of what the other has not begun.
        let taken = (0..<2).map { _ in partition.next(for: 0) }
        #expect(taken == [6, 7])
        // A start for so short a rest would cost more than it saves.
        #expect(partition.next(for: 0) == nil)
        let second = (0..<3).map { _ in partition.next(for: 1) }
        #expect(second == [4, 5, nil])
    }

    static let counts = [(1, 2, 1), (300, 1, 1), (300, 2, 1), (15, 8, 1), (16, 8, 2), (300, 8, 4), (300, 64, 32)]

    @Test(arguments: counts)
    func moreMakersComeWithMoreCoresAndLongRuns(clipCount: Int, coreCount: Int, producerCount: Int) {
        #expect(ClipPartition.producerCount(clipCount: clipCount, coreCount: coreCount) == producerCount)
    }
}
