import Testing

@testable import Domain

@Suite struct QueueTurnTests {
    /// The last start of the project's jobs, the start being handed out, the start of the new job.
    static let beginnings: [(Int?, Int?, Int)] = [
        (nil, nil, 0), (0, 0, 1), (41, 3, 42), (nil, 3, 3), (1, 3, 3), (2, nil, 3),
    ]

    @Test(arguments: beginnings)
    func aJobStartsAfterItsProjectsLastAndNotBeforeThePresent(last: Int?, present: Int?, expected: Int) {
        let startTime = VirtualStartTime(
            ofJobAfter: last.map { VirtualStartTime($0) }, present: present.map { VirtualStartTime($0) })
        #expect(startTime == VirtualStartTime(expected))
    }

    @Test(arguments: [(0, 5), (7, 5), (8, 6), (8000, 1005)])
    func everyEightPartsStartLater(part: Int, number: Int) {
        #expect(VirtualStartTime(5).ofPart(part) == VirtualStartTime(number))
    }

    @Test func aStreakEndsAfterEightUnitsOfOneJob() throws {
        let job = try RequestDecisionTests.job(.running)
        var affinity: JobAffinity?
        var longAt: [Int] = []
        for index in 0..<20 {
            let item = WorkItem(.part(index: index), of: job, startTime: VirtualStartTime(0))
            affinity = JobAffinity(after: affinity, taking: item)
            if affinity?.isLong == true { longAt.append(index) }
        }
        #expect(longAt == [7, 15])
    }
}
