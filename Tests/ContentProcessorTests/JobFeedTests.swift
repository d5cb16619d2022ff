import Foundation
import Testing

@testable import Domain
@testable import ContentProcessor

/// What a client is told of a job, and in which words.
@Suite struct JobFeedTests {
    /// A job of 100 frames in 10 parts.
    static func snapshot(
        _ state: JobState = .running, frames: Int = 0, parts: Int = 0, fence: Int = 0, isPlanned: Bool = true,
        failingSince: TimeInterval? = nil
    ) -> JobSnapshot {
        let id = ObjectID(seconds: 1, unique: 1)
        let stall = failingSince.map {
            JobStall(error: JobError(code: 503, message: "away"), since: Date(timeIntervalSince1970: $0))
        }
        return JobSnapshot(
            job: JobHeader(
                id: id, kind: .processContent, uploadId: id, projectId: id, versionId: nil, groupId: nil, state: state,
                fence: fence,
                plan: isPlanned ? PlanSummary(partCount: 10, frameCount: 100, sourceFrameCount: 600) : nil,
                counts: nil, skippedFiles: nil, error: nil, isAnnounced: false,
                dates: JobDates(created: Date(timeIntervalSince1970: 1000))),
            progress: JobProgress(
                partsDone: parts, partCount: isPlanned ? 10 : 0, framesDone: frames, frameCount: isPlanned ? 100 : 0),
            stall: stall)
    }

    /// The ids of what a feed tells of these moments; nil where it is silent.
    static func ids(_ snapshots: [JobSnapshot], after lastEventId: String? = nil) -> [String?] {
        var feed = JobFeed(lastEventId: lastEventId)
        return snapshots.map { feed.news($0)?.revision.description }
    }

    @Test func eachStepOfAJobIsNewsOnce() {
        let course = [
            Self.snapshot(.queued, isPlanned: false), Self.snapshot(isPlanned: false), Self.snapshot(), Self.snapshot(),
            Self.snapshot(frames: 7), Self.snapshot(frames: 10, parts: 1),
            Self.snapshot(frames: 10, parts: 1, failingSince: 50), Self.snapshot(.succeeded, frames: 100, parts: 10),
            Self.snapshot(.succeeded, frames: 100, parts: 10), Self.snapshot(.queued, frames: 100, fence: 1),
        ]
        #expect(
            Self.ids(course) == [
                "0.0.0.0.0", "0.1.0.0.0", "0.2.0.0.0", nil, "0.2.7.0.0", "0.2.10.1.0", "0.2.10.1.50", "0.3.100.10.0",
                nil, "1.0.100.0.0",
            ])
    }

    @Test func countsNeverGoBackWhileAClipIsMadeAgain() {
        var feed = JobFeed(lastEventId: nil)
        let course = [40, 30, 35, 41].map { Self.snapshot(frames: $0, parts: 3) }
        #expect(course.map { feed.news($0)?.snapshot.progress.framesDone } == [40, nil, nil, 41])
        // The stall is told at once, with the count that was shown before.
        let stall = feed.news(Self.snapshot(frames: 30, parts: 3, failingSince: 9))
        #expect(stall?.snapshot.progress.framesDone == 41)
        #expect(stall?.snapshot.stall?.error.code == 503)
    }

    static let returns: [(lastEventId: String, id: String?)] = [
        ("0.2.40.3.0", nil), ("0.2.41.3.0", nil), ("0.2.39.3.0", "0.2.40.3.0"), ("0.0.0.0.0", "0.2.40.3.0"),
        // Of a start that this job never had, and nonsense.
        ("1.3.100.10.0", "0.2.40.3.0"), ("", "0.2.40.3.0"), ("7", "0.2.40.3.0"), ("0.9.1.1.1", "0.2.40.3.0"),
        ("0.2.40.3.0.0", "0.2.40.3.0"), ("0.2.4x.3.0", "0.2.40.3.0"), ("0.2.99999999999999999999.3.0", "0.2.40.3.0"),
    ]

    @Test(arguments: returns)
    func aClientThatComesBackIsToldWhatIsNewer(lastEventId: String, id: String?) {
        #expect(Self.ids([Self.snapshot(frames: 40, parts: 3)], after: lastEventId) == [id])
    }

    @Test func countsOfAClientAreBelievedOnlyAsFarAsThePlan() throws {
        var feed = JobFeed(lastEventId: "0.1.\(Int.max).\(Int.max).0")
        let news = feed.news(Self.snapshot(frames: 40, parts: 3))
        let snapshot = try #require(news?.snapshot)
        let view = JobView(snapshot, links: JobLinks(snapshot.job.id))
        #expect((view.progress, view.framesDone, view.clipsDone) == (99, 100, 10))
    }
}

@Suite struct ServerSentEventTests {
    static let events: [(event: ServerSentEvent, text: String)] = [
        (ServerSentEvent(data: "a"), "data: a\n\n"),
        (ServerSentEvent(id: "1.2", data: "{}"), "id: 1.2\ndata: {}\n\n"),
        (ServerSentEvent(name: "end", data: ""), "event: end\ndata: \n\n"),
        (ServerSentEvent(data: "a\nb\r\nc\rd"), "data: a\ndata: b\ndata: c\ndata: d\n\n"),
        // A line end of Unicode's, but not of the format's.
        (ServerSentEvent(data: "a\u{2028}b\u{B}c"), "data: a\u{2028}b\u{B}c\n\n"),
        (.end(.cancelled), "event: end\ndata: {\"state\":\"cancelled\"}\n\n"),
    ]

    @Test(arguments: events)
    func anEventIsWrittenAs(event: ServerSentEvent, text: String) {
        #expect(event.text == text)
    }

    @Test func aMessageHoldsTheJobAsTheJobsRouteShowsIt() throws {
        let snapshot = JobFeedTests.snapshot(frames: 40, parts: 3)
        let view = JobView(snapshot, links: JobLinks(snapshot.job.id, events: "/here"))
        let event = try ServerSentEvent.job(view, at: JobRevision(snapshot))
        #expect(event.id == "0.2.40.3.0")
        let data = try JSONSerialization.jsonObject(with: Data(event.data.utf8)) as? [String: Any]
        #expect(data?["progress"] as? Int == 40)
        #expect((data?["links"] as? [String: String])?["events"] == "/here")
        #expect(!event.data.contains("\n"))
    }
}
