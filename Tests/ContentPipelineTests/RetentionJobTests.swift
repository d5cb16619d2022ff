import BSON
import ContentPipeline
import Domain
import Foundation
import Logging
import MongoDriver
import MongoStore
import TestSupport
import Testing

/// What `[Retention]` removes of finished work, and what it leaves.
@Suite struct RetentionJobTests {
    private static let day = Duration.seconds(86_400)

    private func retention(_ fixture: PipelineFixture, _ rules: RetentionRules) -> Retention {
        Retention(
            rules: rules, database: fixture.database, store: fixture.store, settings: fixture.settings,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Finds and does what is due; returns the descriptions.
    private func sweep(_ fixture: PipelineFixture, _ rules: RetentionRules) async throws -> [String] {
        let retention = self.retention(fixture, rules)
        let steps = try await retention.steps()
        #expect(try await retention.perform(steps) == 0)
        return steps.map(\.description)
    }

    /// An upload that is complete, and its job, as of so many days ago.
    private func finishedUpload(
        _ number: UInt64 = 1, days: Double, _ fixture: PipelineFixture, changes: [String: String] = [:]
    ) async throws -> (ObjectID, ProcessingJob) {
        let upload = try await fixture.upload(number)
        let job = try await fixture.start(upload, changes)
        #expect(try await fixture.finish(job).state == .succeeded)
        let date: BSONValue = .date(Date(timeIntervalSinceNow: -86_400 * days))
        // The job's id tells its age, too: retention looks for older ids first.
        try await fixture.raw.collection("ContentJob").updateOne(
            ["_id": .objectID(job.id)],
            ["$set": ["dates.created": date, "dates.processing": date, "dates.finished": date]])
        try await fixture.raw.collection("AnnotationContentUpload").updateOne(
            ["_id": .objectID(upload)], ["$set": ["finishedAt": date]])
        return (upload, job)
    }

    private var source: String { "contents/p1/cam.mp4" }

    @Test func whatIsToBeKeptIsKept() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            _ = try await self.finishedUpload(days: 400, fixture)
            let rules = RetentionRules(sources: nil, workFiles: nil, jobs: nil)
            #expect(rules.keepsEverything)
            #expect(try await self.sweep(fixture, rules).isEmpty)
        }
    }

    /// Days since an upload was complete, and whether its source goes after ten.
    static let ages: [(Double, Bool)] = [(9, false), (11, true)]

    @Test(arguments: ages)
    func aSourceGoesWhenItsUploadHasBeenCompleteForLong(_ days: Double, _ isRemoved: Bool) async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            _ = try await self.finishedUpload(days: days, fixture)
            let steps = try await self.sweep(fixture, RetentionRules(sources: Self.day * 10, workFiles: nil, jobs: nil))
            #expect(steps.count == (isRemoved ? 1 : 0))
            let isThere = FileManager.default.fileExists(atPath: fixture.folder.file(self.source))
            #expect(isThere == !isRemoved)
            // Its clips and tasks stay.
            #expect(try await fixture.keys().count == 1)
        }
    }

    @Test func aSourceThatAnotherUploadNeedsStays() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            _ = try await self.finishedUpload(1, days: 30, fixture)
            // Named by another path, and not complete for long enough.
            _ = try await self.finishedUpload(
                2, days: 1, fixture, changes: ["content_path": "contents/p1/../p1/cam.mp4"])
            let rules = RetentionRules(sources: Self.day * 10, workFiles: nil, jobs: nil)
            #expect(try await self.sweep(fixture, rules).isEmpty)
            #expect(FileManager.default.fileExists(atPath: fixture.folder.file(self.source)))
        }
    }

    @Test func aFileThatWasReplacedMeanwhileStays() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            _ = try await self.finishedUpload(days: 30, fixture)
            let path = fixture.folder.file(self.source)
            try FileManager.default.removeItem(atPath: path)
            try fixture.add(try SharedVideo.long.get().path, as: "cam.mp4")
            let rules = RetentionRules(sources: Self.day * 10, workFiles: nil, jobs: nil)
            #expect(try await self.sweep(fixture, rules).isEmpty)
            #expect(FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func leftWorkFilesGoAndThoseOfLiveJobsStay() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            let job = try await fixture.start(try await fixture.upload())
            let files = FileManager.default
            let old = Date(timeIntervalSinceNow: -30 * 86_400)
            var paths: [String: String] = [:]
            for (name, path) in [
                ("left", "datasets/000000010000000000000001-1-archive.zip"),
                ("live", "datasets/\(job.id)-1-archive.zip"), ("model", "models/a.part"), ("kept", "models/a.onnx"),
                ("young", "models/b.part"),
            ] {
                let url = fixture.folder.url.appending(path: "work/\(path)")
                try files.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data("x".utf8).write(to: url)
                if name != "young" { try files.setAttributes([.modificationDate: old], ofItemAtPath: url.path) }
                paths[name] = url.path
            }
            let steps = try await self.sweep(fixture, RetentionRules(sources: nil, workFiles: Self.day, jobs: nil))
            #expect(steps.count == 2)
            let left = Set(paths.filter { files.fileExists(atPath: $0.value) }.keys)
            #expect(left == ["live", "kept", "young"])
        }
    }

    @Test func aSweepTwiceRemovesNothingMore() async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.short.get().path, as: "cam.mp4")
            _ = try await self.finishedUpload(days: 30, fixture)
            let rules = RetentionRules(sources: Self.day, workFiles: Self.day, jobs: nil)
            #expect(try await self.sweep(fixture, rules).count == 1)
            #expect(try await self.sweep(fixture, rules).isEmpty)
        }
    }
}
