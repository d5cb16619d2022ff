import Testing

@testable import ContentProcessor

@Suite struct CrashCountTests {
    @Test func aProcessThatGetsOnBeginsAgain() {
        var crashes = CrashCount()
        var answers: [Bool] = []
        for number in 1...50 { answers.append(crashes.add(journalByteCount: 100 * number)) }
        // Fifty times is enough.
        #expect(answers == [Bool](repeating: true, count: 49) + [false])
    }

    @Test(arguments: [nil, 700] as [Int?])
    func aProcessThatDoesNotGetOnBeginsAgainOnce(byteCount: Int?) {
        var crashes = CrashCount()
        let answers = [crashes.add(journalByteCount: byteCount), crashes.add(journalByteCount: byteCount)]
        #expect(answers == [true, false])
    }

    @Test func aFirstJournalIsProgress() {
        var crashes = CrashCount()
        let answers = [crashes.add(journalByteCount: nil), crashes.add(journalByteCount: 10)]
        #expect(answers == [true, true])
    }
}
