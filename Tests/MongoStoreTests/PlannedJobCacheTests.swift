import Domain
import Foundation
import MongoDriver
import NIOConcurrencyHelpers
import Testing

@testable import MongoStore

/// How often a worker reads the whole document of a job.
@Suite struct PlannedJobCacheTests {
    @Test func aPlannedJobIsReadOnceForAllItsParts() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 3)
            let header = try await fixture.header(of: job)
            let cache = PlannedJobCache<ProcessingJob>()
            let reads = NIOLockedValueBox(0)
            for item in try await self.items(3, fixture) {
                let found = try await cache.job(of: header, for: item) { id throws(StoreError) in
                    reads.withLockedValue { $0 += 1 }
                    return try await fixture.database.jobs.find(id)
                }
                #expect(found?.plan?.partCount == 3)
            }
            #expect(reads.withLockedValue { $0 } == 1)
        }
    }

    @Test func aJobThatWasStartedAgainIsReadAgain() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 3)
            let cache = PlannedJobCache<ProcessingJob>()
            let item = try #require(try await self.items(1, fixture).first)
            let first = try await cache.job(
                of: try await fixture.header(of: job), for: item, read: fixture.database.jobs.find)
            try await fixture.database.end(job, as: .failed, JobError(code: 500, message: "x"))
            let ended = try #require(try await fixture.database.jobs.find(job.id))
            _ = try #require(try await fixture.database.jobs.restart(ended))
            let second = try await cache.job(
                of: try await fixture.header(of: job), for: item, read: fixture.database.jobs.find)
            #expect(first?.fence == 1)
            #expect(second?.fence == 2)
        }
    }

    @Test func whatWasForgottenIsReadAgain() async throws {
        try await QueueFixture.run { fixture in
            let job = try await fixture.queuedJob(clipCount: 1)
            let header = try await fixture.header(of: job)
            let cache = PlannedJobCache<ProcessingJob>()
            let item = try #require(try await self.items(1, fixture).first)
            _ = try await cache.job(of: header, for: item, read: fixture.database.jobs.find)
            cache.forget(job.id)
            let gone = try await cache.job(of: header, for: item) { _ throws(StoreError) in nil }
            #expect(gone == nil)
        }
    }

    private func items(_ count: Int, _ fixture: QueueFixture) async throws -> [WorkItem] {
        var items: [WorkItem] = []
        for number in 0..<count {
            items.append(
                try #require(try await fixture.database.workItems.take(by: "w\(number)", lease: .seconds(30))))
        }
        return items
    }
}
