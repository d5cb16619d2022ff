import Testing

@testable import ContentPipeline

@Suite struct ClipAllotmentTests {
    static let sizes = [(0, 1), (1, 1), (1, 4), (7, 2), (10, 3), (300, 2), (5, 5)]

    @Test(arguments: sizes)
    func everyClipIsMadeOnceWhoeverIsFaster(clipCount: Int, makerCount: Int) {
        // The last maker is so slow that it takes one clip in the time in which the others take all they can get.
        for slowness in 1...4 {
            var allotment = ClipAllotment(clipCount: clipCount, makerCount: makerCount)
            var made: [Int] = []
            var turn = 0
            var idle: Set<Int> = []
            while idle.count < makerCount {
                let maker = turn % slowness == 0 ? makerCount - 1 : turn % makerCount
                if let clip = allotment.next(for: maker) { made.append(clip) } else { idle.insert(maker) }
                turn += 1
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
        let second = (0..<3).map { _ in allotment.next(for: 1) }
        #expect(second == [4, 5, nil])
    }
}
