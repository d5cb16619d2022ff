import BatchDetection
import Bootstrap
import ContentPipeline
import Synchronization

/// Shows how far a batch is: a line that changes on a terminal, a line now and then elsewhere, both on standard error.
///
/// May be told from any thread.
final class PhotoProgressDisplay: Sendable {
    private struct State {
        var begin = ContinuousClock.now
        var lastLine: ContinuousClock.Instant?
    }

    private let isTerminal = StandardError.columnCount != nil
    private let state = Mutex(State())

    func show(_ progress: DetectionRun.Progress) {
        self.state.withLock { state in
            if progress.done == progress.resumed { state.begin = .now }
            let interval = self.isTerminal ? Duration.milliseconds(100) : .seconds(5)
            let isDue = state.lastLine.map { $0.duration(to: .now) >= interval } ?? true
            guard isDue || progress.done == progress.total else { return }
            state.lastLine = .now
            let line = Self.line(progress, after: state.begin.duration(to: .now))
            StandardError.write(self.isTerminal ? "\r\(line)\u{1B}[K" : line, terminator: self.isTerminal ? "" : "\n")
        }
    }

    /// Takes the line away.
    func end() { if self.isTerminal { StandardError.write("\r\u{1B}[K", terminator: "") } }

    /// Such as "1912 of 4410 photos, 3 failed, about 11 minutes left".
    static func line(_ progress: DetectionRun.Progress, after elapsed: Duration) -> String {
        var line = "\(progress.done) of \(Wording.count(progress.total, "photo"))"
        if progress.failed > 0 { line += ", \(progress.failed) failed" }
        let own = progress.done - progress.resumed
        guard own > 0, progress.done < progress.total else { return line }
        let seconds = elapsed / .seconds(1) / Double(own) * Double(progress.total - progress.done)
        return "\(line), about \(Self.text(seconds: seconds)) left"
    }

    /// Rounded up, to minutes from two on.
    private static func text(seconds: Double) -> String {
        seconds < 120
            ? Wording.count(Int(seconds.rounded(.up)), "second")
            : Wording.count(Int((seconds / 60).rounded(.up)), "minute")
    }
}
