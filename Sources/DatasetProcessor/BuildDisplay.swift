import Domain
import Bootstrap

/// Shows how far a build is: a bar on a terminal, a line for each tenth of the frames elsewhere, on standard error.
struct BuildDisplay {
    private let isTerminal = StandardError.columnCount != nil
    private let isQuiet: Bool
    private let start = ContinuousClock.now
    /// Of what was shown last, in tenths.
    private var tenths: Int?
    private var stall: String?

    /// - Parameter isQuiet: shows nothing, for programs that read the result.
    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    mutating func show(_ progress: JobProgress) {
        guard !self.isQuiet else { return }
        let line = Self.text(progress, after: self.start.duration(to: .now))
        guard self.isTerminal else {
            let tenths = progress.percent / 10
            if tenths != self.tenths { StandardError.write(line) }
            self.tenths = tenths
            return
        }
        let columns = StandardError.columnCount ?? 80
        let width = max(0, min(40, columns - line.count - 4))
        let filled = width * progress.percent / 100
        let bar = "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "] "
        StandardError.write("\r\((bar + line).prefix(columns - 1))\u{1B}[K", terminator: "")
    }

    /// Tells once what holds the build up.
    mutating func show(stall: String) {
        guard !self.isQuiet, stall != self.stall else { return }
        self.end()
        StandardError.write(stall)
        self.stall = stall
    }

    /// Takes the bar away.
    func end() {
        if self.isTerminal, !self.isQuiet { StandardError.write("\r\u{1B}[K", terminator: "") }
    }

    /// Such as `1200/4000 frames, 2/8 tasks, 85.3 frames/s, 33 s left`.
    static func text(_ progress: JobProgress, after elapsed: Duration) -> String {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        let rate = seconds > 0 ? Double(progress.framesDone) / seconds : 0
        let counts =
            "\(progress.framesDone)/\(progress.frameCount) frames, \(progress.partsDone)/\(progress.partCount) tasks"
        guard rate > 0 else { return counts }
        let rest = Int((Double(max(0, progress.frameCount - progress.framesDone)) / rate).rounded(.up))
        return "\(counts), \(Double(Int(rate * 10)) / 10) frames/s, \(rest) s left"
    }
}
