import Testing

@testable import Annotation

@Suite struct QueueTurnTests {
    /// The last turn of the project's jobs, the turn being handed out, the turn of the new job.
    static let beginnings: [(Int?, Int?, Int)] = [
        (nil, nil, 0), (0, 0, 1), (41, 3, 42), (nil, 3, 3), (1, 3, 3), (2, nil, 3),
    ]

    @Test(arguments: beginnings)
    func aJobStartsAfterItsProjectsLastAndNotBeforeThePresent(last: Int?, present: Int?, expected: Int) {
        let turn = QueueTurn(ofJobAfter: last.map { QueueTurn($0) }, present: present.map { QueueTurn($0) })
        #expect(turn == QueueTurn(expected))
    }

    @Test(arguments: [(0, 5), (7, 5), (8, 6), (8000, 1005)])
    func everyEightPiecesTakeATurn(piece: Int, turn: Int) {
        #expect(QueueTurn(5).ofPiece(piece) == QueueTurn(turn))
    }

    @Test func aStreakEndsAfterEightUnitsOfOneJob() throws {
        let job = try RequestDecisionTests.job(.running)
        var streak: UnitStreak?
        var longAt: [Int] = []
        for index in 0..<20 {
            let unit = JobUnit(.piece(index: index), of: job, turn: QueueTurn(0))
            streak = UnitStreak(after: streak, taking: unit)
            if streak?.isLong == true { longAt.append(index) }
        }
        #expect(longAt == [7, 15])
    }
}
