import Testing

@testable import BatchDetection

@Suite struct UniqueNamesTests {
    @Test func aRepeatedNameGetsANumberBeforeItsExtension() {
        var names = UniqueNames()
        let given = ["a/b.jpg", "a/b.jpg", "a/b.jpg", "a.b/c", "a.b/c", ".x", ".x"]
        #expect(
            given.map { names.take($0) } == [
                "a/b.jpg", "a/b (2).jpg", "a/b (3).jpg", "a.b/c", "a.b/c (2)", ".x", ".x (2)",
            ])
    }
}
