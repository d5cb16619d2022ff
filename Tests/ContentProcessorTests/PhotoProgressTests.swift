import BatchDetection
import Testing

@testable import ContentProcessor

@Suite struct PhotoProgressTests {
    typealias Progress = DetectionRun.Progress

    @Test(arguments: [
        (Progress(done: 0, failed: 0, total: 1, resumed: 0), "0 of 1 photo"),
        (Progress(done: 10, failed: 0, total: 100, resumed: 0), "10 of 100 photos, about 90 seconds left"),
        (Progress(done: 10, failed: 2, total: 1000, resumed: 0), "10 of 1000 photos, 2 failed, about 17 minutes left"),
        // The pace is that of this run alone.
        (Progress(done: 90, failed: 0, total: 100, resumed: 80), "90 of 100 photos, about 10 seconds left"),
        (Progress(done: 80, failed: 0, total: 100, resumed: 80), "80 of 100 photos"),
        (Progress(done: 100, failed: 1, total: 100, resumed: 0), "100 of 100 photos, 1 failed"),
    ])
    func aLineTellsHowFarItIs(progress: Progress, line: String) {
        #expect(PhotoProgressDisplay.line(progress, after: .seconds(10)) == line)
    }
}
