import Domain
import Synchronization
import Testing

@Suite struct ConcurrentMapTests {
    private enum Failure: Error { case odd }

    @Test(arguments: [0, 1, 5, 16, 100])
    func resultsAreInTheOrderOfTheElements(_ count: Int) async throws {
        let results = try await Array(0..<count).concurrentMap { number in
            if number.isMultiple(of: 3) { await Task.yield() }
            return 2 * number
        }
        #expect(results == (0..<count).map { 2 * $0 })
    }

    @Test(arguments: [1, 2, 7])
    func noMoreCallsRunAtOnceThanTheLimit(_ limit: Int) async throws {
        let running = Atomic<Int>(0)
        let most = Atomic<Int>(0)
        try await Array(0..<40).concurrentForEach(limit: limit) { _ in
            let now = running.add(1, ordering: .sequentiallyConsistent).newValue
            most.max(now, ordering: .sequentiallyConsistent)
            await Task.yield()
            running.subtract(1, ordering: .sequentiallyConsistent)
        }
        #expect(most.load(ordering: .sequentiallyConsistent) <= limit)
        #expect(most.load(ordering: .sequentiallyConsistent) >= 1)
    }

    @Test func theFirstErrorEndsTheOthers() async {
        let begun = Atomic<Int>(0)
        await #expect(throws: Failure.odd) {
            try await Array(0..<1000).concurrentForEach(limit: 2) { number in
                begun.add(1, ordering: .relaxed)
                if number == 3 { throw Failure.odd }
                try await Task.sleep(for: .milliseconds(number < 3 ? 1 : 50))
            }
        }
        #expect(begun.load(ordering: .relaxed) < 100)
    }
}
