import FoundationEssentials
import Testing

@testable import Domain

@Suite struct RecordTests {
    @Test func idsOfARunAscendInClipAndFrameOrder() throws {
        let job = try RequestDecisionTests.job(.running)
        let frames = (0..<3).flatMap { clip in (1...120).map { job.frameId(ofClip: clip, frameId: $0) } }
        #expect(frames == frames.sorted())
        #expect(Set(frames).count == 360)
        let items = [WorkItem.Work.plan, .part(index: 0), .part(index: 1), .finish].map(job.itemId)
        #expect(items == items.sorted())
        #expect(Set(items).count == 4)
    }

    static let durations = [(0, "0:00:00"), (24, "0:00:24"), (61, "0:01:01"), (3599, "0:59:59"), (36_000, "10:00:00")]

    @Test(arguments: durations)
    func durationsAreHoursMinutesSeconds(seconds: Int, text: String) {
        #expect(ClipTask.durationText(seconds: seconds) == text)
    }

    static let names = [
        ("./contents/uploads/p1/Cam1-15.mp4", "Cam1-15", "contents/p1/task-3-Cam1-15/task-3-Cam1-15.mp4"),
        ("/data/p2/a.b.c.avi", "a", "contents/p2/task-3-a/task-3-a.mp4"),
        ("x.mp4", "x", "contents/task-3-x/task-3-x.mp4"),
        ("contents/p1/../p2/a.mp4", "a", "contents/p2/task-3-a/task-3-a.mp4"),
        ("../../a.mp4", "a", "contents/task-3-a/task-3-a.mp4"),
        ("./p/./ü 1.mp4", "ü 1", "contents/p/task-3-ü 1/task-3-ü 1.mp4"),
    ]

    @Test(arguments: names)
    func keysAreNamedAfterFolderAndFile(path: String, name: String, key: String) {
        #expect(VideoName(path: path).text == name)
        let keys = ClipKeys(path: path, uploadId: ObjectID(seconds: 1, unique: 2))
        #expect(keys.shared(ofClip: 3) == key)
        #expect(keys.own(ofClip: 3).contains("/000000010000000000000002/task-3-\(name)/"))
    }

    @Test func aTaskTellsWhereItsFramesCameFrom() throws {
        let job = try RequestDecisionTests.job(.running)
        let timeline = FrameTimeline(ticks: (0..<100).map { 500 + $0 * 40 }, timeBase: Rational(1, 1000))
        let plan = SamplingPlan(sampling: timeline, frameRate: 5, framesPerClip: 12)
        let facts = ClipFacts(
            objectKey: "k", width: 641, height: 361, paddedWidth: 642, paddedHeight: 362, damagedFrames: 1)
        let task = AnnotationTask(
            of: job, clip: plan.clip(at: 1), timeline: timeline, facts: facts, createdAt: Date(timeIntervalSince1970: 0)
        )
        #expect(task.name == "task-1-a")
        #expect(task.frameStart == 61)
        #expect(task.frameEnd == 96)
        #expect(task.frameCount == 8)
        #expect(task.originalFrames == [61, 66, 71, 76, 81, 86, 91, 96])
        #expect(task.frameStartTime == 2.4)
        #expect(task.sourceFrameRate == 25)
        #expect(task.skipFrameCount == 4.8)
        #expect(task.duration == "0:00:01")
    }
}

@Suite struct OriginalImageTests {
    @Test func originalsLieBesideTheirClip() {
        let keys = ClipKeys(path: "./contents/uploads/p/photos.zip", uploadId: ObjectID(seconds: 1, unique: 1))
        #expect(ClipKeys.originalsPrefix(besides: keys.shared(ofClip: 2)) == "contents/p/task-2-photos/originals/")
        #expect(
            ClipKeys.originalsPrefix(besides: keys.own(ofClip: 0))
                == "contents/p/000000010000000000000001/task-0-photos/originals/")
    }

    @Test func withoutOriginalTheFieldIsAbsent() throws {
        let image = TaskImage(name: "a", width: 1, height: 1, x: 0, y: 0, scale: 1)
        let place = ImagePlace(canvas: Canvas(width: 1, height: 1), left: 0, top: 0, scale: 1)
        for data in [try JSONEncoder.forRecords.encode(image), try JSONEncoder.forRecords.encode(place)] {
            #expect(!String(decoding: data, as: UTF8.self).contains("original"))
        }
    }
}
