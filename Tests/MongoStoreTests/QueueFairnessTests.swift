import Domain
import Foundation
import MongoDriver
import Testing

@testable import MongoStore

@Suite struct QueueFairnessTests {
    /// Puts a planned job of `project` with `partCount` parts into the queue.
    private static func add(
        _ number: Int, of project: UInt64, partCount: Int, to database: AnnotationDatabase
    ) async throws {
        let job = Self.job(number, of: project)
        try await database.enqueue(job)
        let plan = try #require(
            try await database.workItems.collection.findOne(
                ["_id": .objectID(job.itemId(of: .plan))], as: WorkItem.self))
        let summary = PlanSummary(partCount: partCount, frameCount: 120 * partCount, sourceFrameCount: 1)
        try await database.workItems.insert(summary, of: job, after: plan)
        try await database.workItems.collection.deleteOne(["_id": .objectID(plan.id)])
    }

    /// The projects of the next work items that a lone worker does, as it would.
    private static func projects(ofNext count: Int, from database: AnnotationDatabase) async throws -> [UInt64] {
        var projects: [UInt64] = []
        var affinity: JobAffinity?
        for _ in 0..<count {
            let item = try #require(
                try await database.workItems.take(by: "w", lease: .seconds(30), after: affinity))
            affinity = JobAffinity(after: affinity, taking: item)
            projects.append(item.shareId.unique)
            #expect(try await database.workItems.complete(item, framesDone: 0))
        }
        return projects
    }

    @Test func aSmallJobOfAnotherProjectDoesNotWaitForAFlood() async throws {
        try await QueueFixture.run { fixture in
            for number in 0..<50 { try await Self.add(number, of: 1, partCount: 4, to: fixture.database) }
            _ = try await Self.projects(ofNext: 3, from: fixture.database)
            try await Self.add(99, of: 2, partCount: 2, to: fixture.database)
            // What the first job of the flood still has, then the small one.
            let projects = try await Self.projects(ofNext: 6, from: fixture.database)
            #expect(projects == [1, 1, 2, 2, 2, 1])
        }
    }

    @Test func aSmallJobDoesNotWaitForTheEndOfALongOne() async throws {
        try await QueueFixture.run { fixture in
            try await Self.add(0, of: 1, partCount: 500, to: fixture.database)
            _ = try await Self.projects(ofNext: 20, from: fixture.database)
            try await Self.add(1, of: 2, partCount: 1, to: fixture.database)
            let projects = try await Self.projects(ofNext: 12, from: fixture.database)
            #expect(projects.contains(2))
        }
    }

    @Test func takingStaysOneStepOfTheIndexWithTenThousandJobs() async throws {
        try await QueueFixture.run { fixture in
            let items = (0..<10_000).map { number in
                WorkItem(.plan, of: Self.job(number, of: UInt64(number % 7)), startTime: VirtualStartTime(number))
            }
            var documents: [BSONDocument] = []
            for item in items { documents.append(try BSONDocument(encoding: item)) }
            try await fixture.database.workItems.collection.insertMany(documents)
            var first = WorkQueue.available()
            first.limit = 1
            let plan = try await fixture.database.workItems.collection.explain(first, verbosity: .executionStats)
            let examined = plan["executionStats"]?.documentValue?["totalDocsExamined"]?.intValue
            #expect(examined == 1)
            let item = try #require(try await fixture.database.workItems.take(by: "w", lease: .seconds(30)))
            #expect(item.startTime == VirtualStartTime(0))
        }
    }

    private static func job(_ number: Int, of project: UInt64) -> ProcessingJob {
        ProcessingJob(
            id: ProcessingJob.newId(seconds: UInt32(1000 + number), random: 1), runNumber: 1,
            parameters: ProcessParameters(
                uploadId: ObjectID(seconds: 1, unique: UInt64(number)),
                projectId: ObjectID(seconds: 2, unique: project), frameRate: 5,
                contentPath: "./contents/p/a.mp4", forceWrite: false, autoAnnotationVersion: 0, requestType: .tasks,
                contentType: .video),
            framesPerTask: 120, createdAt: Date(timeIntervalSince1970: 1_000_000))
    }
}
