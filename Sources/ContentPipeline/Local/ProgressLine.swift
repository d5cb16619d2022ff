package import Domain

/// How far work is, in one line.
package struct ProgressLine: Hashable, Sendable {
    private let progress: JobProgress
    private let pace: WorkPace?

    package init(_ progress: JobProgress, after elapsed: Duration) {
        self.progress = progress
        self.pace = WorkPace(progress, after: elapsed)
    }

    /// Such as "3 of 12 clips, 41.2 frames/s, 0:00:35 left".
    package var status: String {
        let clips = "\(self.progress.partsDone) of \(Wording.count(self.progress.partCount, "clip"))"
        guard let pace else { return clips }
        let tenths = Int((pace.framesPerSecond * 10).rounded())
        // Rounded up: the last second does not look like none.
        let seconds = Int((pace.remaining / .seconds(1)).rounded(.up))
        return "\(clips), \(tenths / 10).\(tenths % 10) frames/s, \(ClipTask.durationText(seconds: seconds)) left"
    }

    /// A bar with the status behind it, that fits a line of the terminal.
    package func text(columnCount: Int) -> String {
        let percent = "\(self.progress.percent)%"
        let tail = " \(String(repeating: " ", count: max(0, 3 - percent.count)))\(percent)  \(self.status)"
        // The last column stays free: some terminals wrap when it is filled.
        let width = min(40, columnCount - tail.count - 3)
        guard width >= 5 else { return String(tail.drop { $0 == " " }.prefix(max(0, columnCount - 1))) }
        let filled = width * self.progress.percent / 100
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled) + "]" + tail
    }
}

/// Numbers in sentences for people.
package enum Wording {
    /// `value` with at most three decimals and no zeros at their end, such as "29.97".
    package static func decimal(_ value: Double) -> String {
        let thousandths = Int((value.magnitude * 1000).rounded())
        var decimals = String(thousandths % 1000 + 1000).dropFirst()
        while decimals.last == "0" { decimals.removeLast() }
        let sign = value < 0 && thousandths > 0 ? "-" : ""
        return "\(sign)\(thousandths / 1000)\(decimals.isEmpty ? "" : "." + decimals)"
    }

    /// Such as "1 clip" and "2 clips".
    ///
    /// - Parameter plural: of a noun whose plural does not end in a mere "s".
    package static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
    }
}
