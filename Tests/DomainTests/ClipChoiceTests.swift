import Testing

@testable import Domain

@Suite struct PieceChoiceTests {
    /// Waiting and running clips, and the clip to begin with.
    static let facts: [([Int], Set<Int>, Int?)] = [
        ([], [], nil),
        ([0, 1, 2, 3], [], 0),
        ([1, 2, 3, 4], [0], 3),
        ([1], [0], 1),
        ([1, 2, 5, 6, 7], [0, 4], 6),
        ([1, 2, 5, 6, 7], [0], 5),
        ([3, 7], [], 3),
        (Array(1..<100), [0], 50),
    ]

    @Test(arguments: facts)
    func aWorkerBeginsWhereNobodyWillCome(waiting: [Int], running: Set<Int>, start: Int?) {
        #expect(ClipChoice.start(waiting: waiting, running: running) == start)
    }
}
