import Domain
import Bootstrap
import ContentPipeline
import Synchronization

/// Shows how far a ``LocalRun`` is: a bar on a terminal, a line for each clip elsewhere, both on standard error.
///
/// May be told from any thread.
final class ProgressDisplay: Sendable {
    private struct State {
        var begin = ContinuousClock.now
        var lastDrawing: ContinuousClock.Instant?
    }

    /// Shorter intervals only cost time.
    private static let drawingInterval = Duration.milliseconds(100)

    private let isTerminal = StandardError.columnCount != nil
    private let state = Mutex(State())

    func show(_ event: LocalRun.Event) {
        self.state.withLock { state in
            switch event {
            case .begun(let progress):
                state.begin = .now
                if self.isTerminal { return self.draw(progress, &state) }
                StandardError.write(
                    "\(Wording.count(progress.frameCount, "frame")) in \(Wording.count(progress.partCount, "clip"))")
            case .frameWritten(let progress):
                let isDue = state.lastDrawing.map { $0.duration(to: .now) >= Self.drawingInterval } ?? true
                if self.isTerminal, isDue { self.draw(progress, &state) }
            case .clipFinished(let name, let frameCount, let progress):
                if self.isTerminal { return self.draw(progress, &state) }
                let status = ProgressLine(progress, after: state.begin.duration(to: .now)).status
                StandardError.write("\(name): \(Wording.count(frameCount, "frame")); \(status)")
            }
        }
    }

    /// Takes the bar away.
    func end() { if self.isTerminal { StandardError.write("\r\u{1B}[K", terminator: "") } }

    private func draw(_ progress: JobProgress, _ state: inout State) {
        let line = ProgressLine(progress, after: state.begin.duration(to: .now))
        state.lastDrawing = .now
        StandardError.write("\r\(line.text(columnCount: StandardError.columnCount ?? 80))\u{1B}[K", terminator: "")
    }
}
