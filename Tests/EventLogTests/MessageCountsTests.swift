import Testing

@testable import EventLog

@Suite struct MessageTallyTests {
    @Test func ofMessagesThatDifferInNumbersTheFirstIsShown() {
        var counts = MessageCounts()
        let shown = (0..<5000).filter { counts.admits("error while decoding MB \($0) 7, bytestream -\($0 * 3)") }
        #expect(shown == [0])
        #expect(counts.summary.map(\.message) == ["error while decoding MB 0 7, bytestream -0"])
        #expect(counts.summary.map(\.count) == [5000])
    }

    @Test func ofManyKindsTheFirstFewAreShown() {
        var counts = MessageCounts(kindLimit: 3)
        let words = ["a", "b", "c", "d", "e", "a"]
        let shown = words.filter { counts.admits($0) }
        #expect(shown == ["a", "b", "c"])
        #expect(counts.summary.map(\.message) == ["a", "messages of other kinds"])
        #expect(counts.summary.map(\.count) == [2, 2])
    }

    @Test func whatWasShownOnceNeedsNoSummary() {
        var counts = MessageCounts()
        let isShown = counts.admits("once")
        #expect(isShown)
        #expect(counts.summary.isEmpty)
    }
}
