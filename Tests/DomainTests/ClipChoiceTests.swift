import Testing

@testable import Domain

@Suite struct PieceChoiceTests {
    /// Waiting and running clips, and the clip to begin with.
    static let facts: [([Range<Int>], Set<Int>, Int?)] = [
        ([], [], nil),
        ([0..<4], [], 0),
        ([1..<5], [0], 3),
        ([1..<2], [0], 1),
        ([1..<3, 5..<8], [0, 4], 6),
        ([1..<3, 5..<8], [0], 5),
        ([3..<4, 7..<8], [], 3),
        ([1..<100], [0], 50),
    ]

    @Test(arguments: facts)
    func aWorkerBeginsWhereNobodyWillCome(waiting: [Range<Int>], running: Set<Int>, start: Int?) {
        #expect(ClipChoice.start(waiting: waiting, running: running) == start)
    }
}
