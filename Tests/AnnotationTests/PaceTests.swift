import FoundationEssentials
import Testing

@testable import Annotation

@Suite struct PaceTests {
    static let paces: [(ticks: [Int64], isConstant: Bool)] = [
        ([], true), ([7], true), ([7, 40], true),
        // 30 frames per second in milliseconds, rounded down and to the nearest.
        ([0, 33, 66, 100, 133, 166, 200], true), ([0, 33, 67, 100, 133, 167, 200], true),
        // A frame is missing; one comes two ticks late.
        ([0, 33, 100, 133, 166, 200], false), ([0, 10, 20, 32, 40, 50], false),
        ([-50, -25, 0, 25], true),
    ]

    @Test(arguments: paces)
    func aRateIsConstantWithinTheRoundingOfTheContainer(ticks: [Int64], isConstant: Bool) {
        #expect(FrameTimeline(ticks: ticks, timeBase: Rational(1, 1000)).hasConstantRate == isConstant)
    }

    @Test func theLongestGapIsTheFirstOfEquals() {
        let timeline = FrameTimeline(ticks: [0, 10, 40, 50, 80], timeBase: Rational(1, 10))
        #expect(timeline.longestGap == FrameTimeline.Gap(position: 1, ticks: 30))
        #expect(timeline.seconds(ofTicks: 30) == 3)
        #expect(FrameTimeline(ticks: [5], timeBase: Rational(1, 10)).longestGap == nil)
    }

    @Test func aClipTaskHasTheFieldsOfATaskWithoutIds() throws {
        let job = try RequestDecisionTests.job(.running)
        let timeline = FrameTimeline(ticks: [0, 40, 80], timeBase: Rational(1, 1000))
        let plan = SamplingPlan(sampling: timeline, frameRate: 25, framesPerClip: 3)
        let facts = ClipFacts(
            objectKey: "k", width: 64, height: 48, paddedWidth: 64, paddedHeight: 48, damagedFrames: 0)
        let (clip, date) = (plan.clip(at: 0), Date(timeIntervalSince1970: 0))
        let task = ClipTask(videoName: job.videoName, clip: clip, timeline: timeline, facts: facts, createdAt: date)
        let whole = AnnotationTask(of: job, clip: clip, timeline: timeline, facts: facts, createdAt: date)
        let fields = try Self.fields(task)
        #expect(fields.isSuperset(of: ["taskName", "original_frames", "S3_url", "Originalframerate", "videoDuration"]))
        #expect(try Self.fields(whole) == fields.union(["_id", "projectId", "uploadId", "runId"]))
    }

    private static func fields(_ value: some Encodable) throws -> Set<String> {
        let data = try JSONEncoder().encode(value)
        return Set(try JSONDecoder().decode([String: Ignored].self, from: data).keys)
    }

    private struct Ignored: Decodable {
        init(from decoder: any Decoder) throws {}
    }
}
