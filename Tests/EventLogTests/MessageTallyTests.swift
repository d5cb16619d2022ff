import Testing

@testable import EventLog

@Suite struct MessageTallyTests {
    @Test func ofMessagesThatDifferInNumbersTheFirstIsShown() {
        var tally = MessageTally()
        let shown = (0..<5000).filter { tally.admits("error while decoding MB \($0) 7, bytestream -\($0 * 3)") }
        #expect(shown == [0])
        #expect(tally.summary.map(\.message) == ["error while decoding MB 0 7, bytestream -0"])
        #expect(tally.summary.map(\.count) == [5000])
    }

    @Test func ofManyKindsTheFirstFewAreShown() {
        var tally = MessageTally(kindLimit: 3)
        let words = ["a", "b", "c", "d", "e", "a"]
        let shown = words.filter { tally.admits($0) }
        #expect(shown == ["a", "b", "c"])
        #expect(tally.summary.map(\.message) == ["a", "messages of other kinds"])
        #expect(tally.summary.map(\.count) == [2, 2])
    }

    @Test func whatWasShownOnceNeedsNoSummary() {
        var tally = MessageTally()
        let isShown = tally.admits("once")
        #expect(isShown)
        #expect(tally.summary.isEmpty)
    }
}
