import Domain
import Testing

@testable import ContentPipeline

@Suite struct ProgressTests {
    private static func progress(_ frames: Int) -> JobProgress {
        JobProgress(partsDone: frames / 100, partCount: 10, framesDone: frames, frameCount: 1000)
    }

    @Test func nothingDoneTellsNoPace() {
        #expect(WorkPace(Self.progress(0), after: .seconds(9)) == nil)
        #expect(WorkPace(Self.progress(5), after: .zero) == nil)
    }

    @Test func theRestTakesAsLongAsBefore() throws {
        let pace = try #require(WorkPace(Self.progress(250), after: .seconds(10)))
        #expect(pace.framesPerSecond == 25)
        #expect(pace.remaining == .seconds(30))
    }

    @Test(arguments: [0, 250, 999], [1, 20, 50, 61, 66, 80, 100, 300])
    func aLineNeverFillsTheTerminal(frames: Int, columnCount: Int) {
        let line = ProgressLine(Self.progress(frames), after: .seconds(10)).text(columnCount: columnCount)
        #expect(line.count < columnCount)
    }

    static let bars = [
        (250, 66, "[###------------] 25%  2 of 10 clips, 25.0 frames/s, 0:00:30 left"),
        (250, 50, "25%  2 of 10 clips, 25.0 frames/s, 0:00:30 left"),
        (250, 11, "25%  2 of "),
        (0, 40, "[------------------]  0%  0 of 10 clips"),
    ]

    @Test(arguments: bars)
    func theBarTakesTheRoomThatTheTextLeaves(frames: Int, columnCount: Int, text: String) {
        #expect(ProgressLine(Self.progress(frames), after: .seconds(10)).text(columnCount: columnCount) == text)
    }

    static let decimals = [
        (0, "0"), (29.97002997, "29.97"), (25, "25"), (0.0004, "0"), (-0.0004, "0"), (-1.5, "-1.5"), (1.0005, "1.001"),
        (119.88, "119.88"), (3.007, "3.007"),
    ]

    @Test(arguments: decimals)
    func decimalsHaveNoZerosAtTheirEnd(value: Double, text: String) { #expect(Wording.decimal(value) == text) }
}
