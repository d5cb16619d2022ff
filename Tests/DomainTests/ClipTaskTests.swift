import FoundationEssentials
import Testing

@testable import Domain

@Suite struct ClipTaskTests {
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
