import ContentPipeline
import Domain
import Foundation
import FrameKit
import NIOConcurrencyHelpers
import TestSupport
import Testing

/// Clips of a video without a server: the same clips as the service makes.
@Suite struct LocalRunTests {
    private func run(
        _ fixture: PipelineFixture, _ video: String, to directory: String, producers: Int? = nil,
        replacesFiles: Bool = false
    ) async throws -> LocalRun.Outcome {
        try await LocalRun(
            source: LocalSource(path: video, frameRate: 5, framesPerTask: 10), directory: directory,
            producerCount: producers, coreCount: 2, replacesFiles: replacesFiles, settings: fixture.settings
        ).run { _ in }
    }

    @Test(arguments: [1, 2, 3])
    func anyNumberOfProducersMakesTheClipsOfTheService(_ producers: Int) async throws {
        try await PipelineFixture.run { fixture in
            try fixture.add(try SharedVideo.long.get().path, as: "cam.mp4")
            let upload = try await fixture.upload()
            _ = try await fixture.finish(try await fixture.start(upload))
            let directory = fixture.folder.file("local")
            let outcome = try await self.run(
                fixture, fixture.folder.file("contents/p1/cam.mp4"), to: directory, producers: producers)
            #expect(outcome.plan == PlanSummary(partCount: 3, frameCount: 25, sourceFrameCount: 150))
            #expect(outcome.damagedFrames == 0)
            for number in 0..<3 {
                let local = try Data(contentsOf: URL(filePath: "\(directory)/task-\(number)-cam.mp4"))
                let stored = try Data(
                    contentsOf: URL(
                        filePath: fixture.folder.file("objects/contents/p1/task-\(number)-cam/task-\(number)-cam.mp4")))
                #expect(local == stored)
            }
            let tasks = try JSONSerialization.jsonObject(
                with: try Data(contentsOf: URL(filePath: "\(directory)/\(LocalRun.taskFileName)")))
            #expect((tasks as? [[String: Any]])?.compactMap { $0["taskName"] as? String }.count == 3)
        }
    }

    @Test func filesThatAreThereGiveWayOnlyWhereItIsAskedFor() async throws {
        try await PipelineFixture.run { fixture in
            let video = try SharedVideo.short.get().path
            let directory = fixture.folder.file("local")
            _ = try await self.run(fixture, video, to: directory)
            let failure = await #expect(throws: LocalFailure.self) {
                _ = try await self.run(fixture, video, to: directory)
            }
            #expect(failure?.description.contains(directory) == true)
            _ = try await self.run(fixture, video, to: directory, replacesFiles: true)
        }
    }

    @Test func whatIsNoVideoLeavesNothing() async throws {
        try await PipelineFixture.run { fixture in
            let path = fixture.folder.file("notes.mp4")
            try Data("no video".utf8).write(to: URL(filePath: path))
            let directory = fixture.folder.file("local")
            await #expect(throws: MediaError.self) { _ = try await self.run(fixture, path, to: directory) }
            let left = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []  // It need not be made.
            #expect(left.isEmpty)
        }
    }

    @Test func progressRisesToItsEnd() async throws {
        try await PipelineFixture.run { fixture in
            let seen = NIOLockedValueBox<[Int]>([])
            _ = try await LocalRun(
                source: LocalSource(path: try SharedVideo.long.get().path, frameRate: 5, framesPerTask: 10),
                directory: fixture.folder.file("local"), producerCount: 2, coreCount: 2, replacesFiles: false,
                settings: fixture.settings
            ).run { event in
                if case .clipFinished(_, _, let progress) = event {
                    seen.withLockedValue { $0.append(progress.framesDone) }
                }
            }
            let frames = seen.withLockedValue { $0 }
            #expect(frames.count == 3)
            #expect(frames.max() == 25)
        }
    }
}
