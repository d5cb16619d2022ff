import Domain
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import FrameKit

struct ObserverFailure: Error, Equatable {}

/// Whoever observes the making of a clip sees every frame of it, once, in order, and can hold it up or end it.
@Suite struct ClipObserverTests {
    /// What an observer was shown.
    private struct Sighting: Hashable {
        let frameNumber: Int
        let shownNumber: Int
        let size: PictureSize
    }

    private final class Sightings: Sendable {
        private let seen = Mutex<[Sighting]>([])
        var all: [Sighting] { self.seen.withLock { $0 } }

        func add(_ picture: Picture, _ frameNumber: Int) throws {
            let sighting = Sighting(frameNumber: frameNumber, shownNumber: try picture.shownNumber, size: picture.size)
            self.seen.withLock { $0.append(sighting) }
        }
    }

    private static func open(_ video: NumberedVideo, frameRate: Int = 30) async throws -> (ClipProducer, SamplingPlan) {
        let source = try SourceFile(path: video.path)
        let index = try await MediaIndex.build(of: source)
        let plan = SamplingPlan(sampling: index.timeline, frameRate: frameRate, framesPerClip: 40)
        return (ClipProducer(source: source, index: index, settings: .quick), plan)
    }

    /// Anamorphic and of odd size: the observer sees square pixels and no pad.
    @Test func theObserverSeesEveryFrameOnceAndChangesNoByte() async throws {
        let video = try NumberedVideo(
            "-c:v libx264 -pix_fmt yuv444p -bf 3 -b_strategy 0 -g 25", as: "mkv", size: "321x181")
        let (producer, plan) = try await Self.open(video, frameRate: 15)
        let sightings = Sightings()
        let observed = try await producer.make(
            plan.clip(at: 0), at: video.file("observed.mp4"), observer: sightings.add)
        #expect(try await producer.make(plan.clip(at: 0), at: video.file("alone.mp4")) == observed)
        let size = PictureSize(width: 321, height: 181)
        #expect(
            sightings.all == (1...30).map { Sighting(frameNumber: $0, shownNumber: 2 * ($0 - 1), size: size) })
        let files = try ["observed.mp4", "alone.mp4"].map { try Data(contentsOf: URL(fileURLWithPath: video.file($0))) }
        #expect(files[0] == files[1])
    }

    @Test(arguments: [0...2, 10...14, 35...39])
    func aDamagedFrameShowsWhatTheClipShows(lost: ClosedRange<Int>) async throws {
        let video = try NumberedVideo("-c:v mjpeg -q:v 2 -pix_fmt yuvj420p", as: "mov")
        try DamagedVideoTests.damage(video, packets: lost)
        let (producer, plan) = try await Self.open(video)
        let sightings = Sightings()
        let report = try await producer.make(plan.clip(at: 0), at: video.file("clip.mp4"), observer: sightings.add)
        #expect(report.damagedFrames == lost.count)
        #expect(try sightings.all.map(\.shownNumber) == NumberedVideo.numbers(in: video.file("clip.mp4")))
    }

    @Test func whatTheObserverThrowsEndsTheClip() async throws {
        let video = try NumberedVideo(ExactFrameTests.x264, as: "mp4")
        let (producer, plan) = try await Self.open(video)
        let sightings = Sightings()
        await #expect(throws: ObserverFailure()) {
            try await producer.make(plan.clip(at: 0), at: video.file("clip.mp4")) { picture, frameNumber in
                try sightings.add(picture, frameNumber)
                if frameNumber == 7 { throw ObserverFailure() }
            }
        }
        #expect(sightings.all.count == 7)
        #expect(try await producer.make(plan.clip(at: 1), at: video.file("next.mp4")).frameCount == 20)
    }

    @Test func aSlowObserverHoldsDecodingUp() async throws {
        let video = try NumberedVideo(ExactFrameTests.x264, as: "mp4", size: "160x90")
        let (producer, plan) = try await Self.open(video)
        let written = Mutex(0)
        let lead = Mutex(0)
        _ = try await producer.make(
            plan.clip(at: 0), at: video.file("clip.mp4"),
            observer: { _, frameNumber in
                // Long enough for the other threads to write many frames of this size.
                try await Task.sleep(for: .milliseconds(10))
                let ahead = written.withLock { $0 } - frameNumber
                lead.withLock { $0 = max($0, ahead) }
            }, progress: { frames in written.withLock { $0 = frames } })
        // One waits for the observer, one is on its way there.
        #expect(lead.withLock { $0 } <= 2)
    }

    @Test func cancellationReachesTheObserver() async throws {
        let video = try NumberedVideo(ExactFrameTests.x264, as: "mp4", frameCount: 10)
        let (producer, plan) = try await Self.open(video)
        let isWaiting = AsyncStream<Void>.makeStream()
        // Unstructured, because a clip is cancelled from outside.
        let task = Task {
            try await producer.make(plan.clip(at: 0), at: video.file("clip.mp4")) { _, _ in
                isWaiting.continuation.yield()
                // Ends by the cancellation alone.
                try await Task.sleep(for: .seconds(3600))
            }
        }
        for await _ in isWaiting.stream { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func anUnreadableClipEndsTheObserversWait() async throws {
        let video = try NumberedVideo("-c:v mjpeg -q:v 2 -pix_fmt yuvj420p", as: "mov", frameCount: 10)
        try DamagedVideoTests.damage(video, packets: 0...9)
        let (producer, plan) = try await Self.open(video)
        let sightings = Sightings()
        await #expect {
            try await producer.make(plan.clip(at: 0), at: video.file("clip.mp4"), observer: sightings.add)
        } throws: {
            ($0 as? MediaError)?.code == .unreadable
        }
        #expect(sightings.all.isEmpty)
    }
}
