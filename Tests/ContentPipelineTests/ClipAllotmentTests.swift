import Testing

@testable import ContentPipeline

@Suite struct ClipAllotmentTests {
    static let sizes = [(0, 1), (1, 1), (1, 4), (7, 2), (10, 3), (300, 2), (5, 5)]

    @Test(arguments: sizes)
    func everyClipIsMadeOnceWhoeverIsFaster(clipCount: Int, makerCount: Int) {
        // The last maker takes one clip in the time in which each of the others takes as many as it is slow.
        for slowness in 1...4 {
            var allotment = ClipAllotment(clipCount: clipCount, makerCount: makerCount)
            var made: [Int] = []
            for round in 0..<slowness * (clipCount + 1) {
                for maker in 0..<makerCount where maker < makerCount - 1 || round % slowness == 0 {
                    if let clip = allotment.next(for: maker) { made.append(clip) }
                }
            }
            #expect(made.sorted() == Array(0..<clipCount))
        }
    }

    @Test func aMakerGoesOnWithTheNextClipWhileItsRunLasts() {
        var allotment = ClipAllotment(clipCount: 8, makerCount: 2)
        let first = (0..<4).map { _ in allotment.next(for: 0) }
        #expect(first == [0, 1, 2, 3])
        // Nothing left: the later half of what the other has not begun.
        let taken = (0..<2).map { _ in allotment.next(for: 0) }
        #expect(taken == [6, 7])
        // A start for so short a rest would cost more than it saves.
        #expect(allotment.next(for: 0) == nil)
        let second = (0..<3).map { _ in allotment.next(for: 1) }
        #expect(second == [4, 5, nil])
    }

    static let counts = [(1, 2, 1), (300, 1, 1), (300, 2, 1), (15, 8, 1), (16, 8, 2), (300, 8, 4), (300, 64, 32)]

    @Test(arguments: counts)
    func moreMakersComeWithMoreCoresAndLongRuns(clipCount: Int, coreCount: Int, makerCount: Int) {
        #expect(ClipAllotment.makerCount(clipCount: clipCount, coreCount: coreCount) == makerCount)
    }
}
