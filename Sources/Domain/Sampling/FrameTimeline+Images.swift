extension FrameTimeline {
    /// Frames a second of clips that are made of images.
    package static let imageRate = 4

    /// One frame for each of `count` images.
    package init(imageCount: Int) {
        self.init(
            ticks: (0..<Int64(imageCount)).map { $0 },
            timeBase: Rational(1, Int64(Self.imageRate)))
    }
}
