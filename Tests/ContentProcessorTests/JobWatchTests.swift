import Domain
import Testing

@testable import ContentProcessor

@Suite struct JobWatchTests {
    static let jobs = (0..<3).map { ObjectID(seconds: 1, unique: $0) }

    /// A watch that does not look yet; it is connected to nothing.
    static func watch(streamLimit: Int) throws -> JobWatch {
        let parts = try APIDescriptionTests.parts()
        return JobWatch(database: parts.database, streamLimit: streamLimit, logger: parts.logger)
    }

    @Test func aStreamThatNobodyReadsAnyMoreMakesRoom() throws {
        let watch = try Self.watch(streamLimit: 2)
        var first: JobWatch.Looks? = try watch.looks(at: Self.jobs[0])
        let second = try watch.looks(at: Self.jobs[1])
        #expect(throws: Problem.self) { try watch.looks(at: Self.jobs[0]) }
        #expect(first != nil)
        first = nil
        let third = try watch.looks(at: Self.jobs[2])
        #expect(throws: Problem.self) { try watch.looks(at: Self.jobs[2]) }
        withExtendedLifetime((second, third)) {}
    }

    @Test func aWatchThatHasStoppedEndsItsStreamsAndOpensNone() async throws {
        let watch = try Self.watch(streamLimit: 2)
        let open = try watch.looks(at: Self.jobs[0])
        // A task of its own, so that it can be cancelled before it looks for a database.
        try await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await watch.run()
        }.value
        #expect(await open.first { _ in true } == nil)
        #expect(throws: Problem.self) { try watch.looks(at: Self.jobs[1]) }
    }
}
