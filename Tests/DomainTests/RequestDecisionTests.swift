import FoundationEssentials
import Testing

@testable import Domain

@Suite struct RequestDecisionTests {
    static func parameters(frameRate: Int = 5, force: Bool = false) throws -> ProcessParameters {
        try ProcessParameters(
            fields: ProcessParametersTests.good.merging(
                ["frame_rate": "\(frameRate)", "force_write": force ? "1" : "0"], uniquingKeysWith: { $1 }),
            versions: [])
    }

    static func job(_ state: JobState, force: Bool = false) throws -> ProcessingJob {
        var job = ProcessingJob(
            id: ObjectID(seconds: 1, unique: 0), runNumber: 1, parameters: try Self.parameters(force: force),
            framesPerTask: 120, createdAt: Date(timeIntervalSince1970: 0))
        job.state = state
        return job
    }

    enum Expected { case start, join, answer, resume, replace, refuse }

    /// State and force of the latest job; rate and force of the request.
    static let facts: [(JobState?, Bool, Int, Bool, Expected)] = [
        (nil, false, 5, false, .start), (nil, false, 5, true, .start),
        (.queued, false, 5, false, .join), (.running, false, 5, false, .join), (.running, true, 5, true, .join),
        (.running, false, 6, false, .refuse), (.running, false, 5, true, .refuse), (.queued, true, 5, false, .refuse),
        (.succeeded, false, 5, false, .answer), (.succeeded, true, 5, false, .answer),
        (.succeeded, false, 6, false, .refuse), (.succeeded, false, 5, true, .replace),
        (.succeeded, true, 6, true, .replace),
        (.failed, false, 5, false, .resume), (.cancelled, false, 5, false, .resume),
        (.quarantined, false, 5, false, .resume), (.failed, true, 5, true, .resume),
        (.failed, false, 6, false, .replace), (.failed, false, 5, true, .replace),
    ]

    @Test(arguments: facts)
    func aRepeatedRequestNeverHarms(state: JobState?, had: Bool, rate: Int, force: Bool, expected: Expected) throws {
        let latest = try state.map { try Self.job($0, force: had) }
        let decision = RequestDecision(
            for: try Self.parameters(frameRate: rate, force: force), latest: latest, producer: latest)
        switch (decision, expected) {
        case (.start, .start), (.join, .join), (.answerWithTasks, .answer), (.resume, .resume), (.replace, .replace),
            (.refuse, .refuse):
            break
        default: Issue.record("\(decision) instead of \(expected)")
        }
    }
}
