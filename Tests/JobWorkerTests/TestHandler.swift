import Domain
import Foundation
import MongoStore
import NIOConcurrencyHelpers
import TestSupport

/// Does jobs of some parts whose work is what a test says; everything else as a real handler does it.
final class TestHandler: WorkHandler {
    typealias Part = @Sendable (_ index: Int, _ attempt: Int, FrameCounter) async throws -> Void

    private let database: AnnotationDatabase
    private let partCount: Int
    private let part: Part
    private let canSkip: Bool
    private let reportFailure: WorkFailure?
    private let seen = NIOLockedValueBox(Seen())

    struct Seen {
        /// In the order in which they began.
        var begun: [WorkItem.Work] = []
        var reports: [Int] = []
        var releases = 0
        var cancelled = 0
    }

    /// - Parameters:
    ///   - reportFailure: what every report throws.
    ///   - part: what each part does; `attempt` counts from 0.
    init(
        _ fixture: WorkerFixture, parts: Int = 2, canSkip: Bool = false, reportFailure: WorkFailure? = nil,
        part: @escaping Part = { _, _, _ in }
    ) {
        self.database = fixture.database
        self.partCount = parts
        self.canSkip = canSkip
        self.reportFailure = reportFailure
        self.part = part
    }

    var events: Seen { self.seen.withLockedValue { $0 } }

    func handle(_ item: WorkItem, of job: JobHeader, counting counter: FrameCounter) async throws {
        self.seen.withLockedValue { $0.begun.append(item.work) }
        guard let job = try await self.database.jobs.find(job.id) else { throw WorkFailure.leaseLost }
        switch item.work {
        case .plan: try await self.plan(job, item)
        case .part(let index):
            do {
                try await self.part(index, item.attempts, counter)
            } catch let error as CancellationError {
                self.seen.withLockedValue { $0.cancelled += 1 }
                throw error
            }
            guard try await self.database.complete(item, of: job, framesDone: 2) != nil else {
                throw WorkFailure.leaseLost
            }
        case .finish:
            guard try await self.database.markProcessed(job) else { throw WorkFailure.notYet }
            try await self.database.end(job, as: .succeeded, nil)
            _ = try await self.database.workItems.complete(item, framesDone: 0)
        }
    }

    private func plan(_ job: ProcessingJob, _ item: WorkItem) async throws {
        guard try await self.database.jobs.start(job) else { throw WorkFailure.leaseLost }
        let plan = PlanSummary(partCount: self.partCount, frameCount: 2 * self.partCount, sourceFrameCount: 100)
        let source = JobSource(byteCount: 1, modified: 2, sha256: String(repeating: "a", count: 64))
        guard try await self.database.jobs.record(source, plan, of: job) else { throw WorkFailure.leaseLost }
        try await self.database.workItems.insert(plan, of: job, after: item)
        guard try await self.database.workItems.complete(item, framesDone: 0) else { throw WorkFailure.leaseLost }
    }

    func report(on item: WorkItem, of job: JobHeader, framesDone: Int) async throws {
        self.seen.withLockedValue { $0.reports.append(framesDone) }
        if let reportFailure { throw reportFailure }
    }

    func skip(_ item: WorkItem, of job: JobHeader, because error: JobError) async throws -> Bool {
        guard self.canSkip, case .part = item.work else { return false }
        return try await self.database.complete(item, of: job, framesDone: 0) != nil
    }

    func releaseResources(job: ObjectID) { self.seen.withLockedValue { $0.releases += 1 } }
}
