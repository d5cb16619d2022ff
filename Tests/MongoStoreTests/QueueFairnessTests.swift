import Annotation
import Foundation
import Testing

@testable import MongoStore

@Suite struct QueueFairnessTests {
    /// Puts a planned job of `project` with `pieceCount` pieces into the queue.
    private static func add(
        _ number: Int, of project: UInt64, pieceCount: Int, to database: AnnotationDatabase
    ) async throws {
        let job = Self.job(number, of: project)
        try await database.enqueue(job)
        let plan = try #require(
            try await database.units.collection.findOne(["_id": .objectID(job.unitId(of: .plan))], as: JobUnit.self))
        let summary = PlanSummary(pieceCount: pieceCount, frameCount: 120 * pieceCount, sourceFrameCount: 1)
        try await database.units.insert(summary, of: job, after: plan)
        try await database.units.collection.deleteOne(["_id": .objectID(plan.id)])
    }

    /// The projects of the next units that a lone worker does, as it would.
    private static func projects(ofNext count: Int, from database: AnnotationDatabase) async throws -> [UInt64] {
        var projects: [UInt64] = []
        var streak: UnitStreak?
        for _ in 0..<count {
            let unit = try #require(
                try await database.units.take(by: "w", lease: .seconds(30), after: streak))
            streak = UnitStreak(after: streak, taking: unit)
            projects.append(unit.shareId.unique)
            #expect(try await database.units.complete(unit, framesDone: 0))
        }
        return projects
    }

    @Test func aSmallJobOfAnotherProjectDoesNotWaitForAFlood() async throws {
        try await QueueFixture.run { fixture in
            for number in 0..<50 { try await Self.add(number, of: 1, pieceCount: 4, to: fixture.database) }
            _ = try await Self.projects(ofNext: 3, from: fixture.database)
            try await Self.add(99, of: 2, pieceCount: 2, to: fixture.database)
            // What the first job of the flood still has, then the small one.
            let projects = try await Self.projects(ofNext: 6, from: fixture.database)
            #expect(projects == [1, 1, 2, 2, 2, 1])
        }
    }

    @Test func aSmallJobDoesNotWaitForTheEndOfALongOne() async throws {
        try await QueueFixture.run { fixture in
            try await Self.add(0, of: 1, pieceCount: 500, to: fixture.database)
            _ = try await Self.projects(ofNext: 20, from: fixture.database)
            try await Self.add(1, of: 2, pieceCount: 1, to: fixture.database)
            let projects = try await Self.projects(ofNext: 12, from: fixture.database)
            #expect(projects.contains(2))
        }
    }

    @Test func takingStaysOneStepOfTheIndexWithTenThousandJobs() async throws {
        try await QueueFixture.run { fixture in
            let units = (0..<10_000).map { number in
                JobUnit(.plan, of: Self.job(number, of: UInt64(number % 7)), turn: QueueTurn(number))
            }
            var documents: [BSONDocument] = []
            for unit in units { documents.append(try BSONEncoder().encode(unit)) }
            try await fixture.database.units.collection.insertMany(documents)
            var first = UnitQueue.available()
            first.limit = 1
            let plan = try await fixture.database.units.collection.explain(first, verbosity: .executionStats)
            let examined = plan["executionStats"]?.documentValue?["totalDocsExamined"]?.intValue
            #expect(examined == 1)
            let unit = try #require(try await fixture.database.units.take(by: "w", lease: .seconds(30)))
            #expect(unit.turn == QueueTurn(0))
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
