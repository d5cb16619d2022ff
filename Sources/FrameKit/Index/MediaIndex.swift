package import Domain
internal import Blocking

/// What is known of a video from its packets alone: when each frame is shown, and what must be decoded to get it.
///
/// Made once for a job, a few bytes for each frame, and shared by all that make clips of the video.
package struct MediaIndex: Sendable {
    /// Every frame of the primary video stream that a player shows.
    package let timeline: FrameTimeline
    /// The size of a frame as displayed.
    package let geometry: PictureGeometry
    let packets: PacketTable
    /// How many pictures are decoded before one that is shown earlier.
    let reorderDepth: Int
    /// Whether the container's times tell the order of showing; if not, the pictures themselves do.
    let isOrderedByTime: Bool
    /// Packets whose parts are longer than they are.
    let brokenPacketCount: Int

    /// Reads all packets of `source` without decoding them.
    ///
    /// Blocks a thread of its own, not the caller's; cancellation ends it.
    ///
    /// - Throws: ``MediaError/Code/unreadable`` for what is no video, ``MediaError/Code/limitExceeded`` before anything
    ///   is decoded, ``MediaError/Code/cancelled``, ``MediaError/Code/inputOutput``.
    package static func build(
        of source: SourceFile, limits: MediaLimits = .standard
    ) async throws(MediaError) -> MediaIndex {
        try await Indexer().index(source, limits: limits)
    }
}

/// Runs the scan on a thread of its own: reading a long file blocks for seconds.
private actor Indexer {
    private nonisolated let executor = BlockingExecutor(label: "framekit.index")
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    func index(_ source: SourceFile, limits: MediaLimits) throws(MediaError) -> MediaIndex {
        LargeBlocks.returnWhenFreed()
        let scan = try PacketScan(of: source, limits: limits)
        let order = try PresentationOrder(of: scan, in: source, limits: limits)
        try Self.check(order, of: source, limits: limits)
        return MediaIndex(
            timeline: order.timeline,
            geometry: scan.geometry,
            packets: PacketTable(scan: scan, order: order),
            reorderDepth: order.reorderDepth,
            isOrderedByTime: order.isOrderedByTime,
            brokenPacketCount: scan.brokenPacketCount)
    }

    private static func check(
        _ order: PresentationOrder, of source: SourceFile, limits: MediaLimits
    ) throws(MediaError) {
        guard let first = order.timeline.ticks.first, let last = order.timeline.ticks.last else {
            throw MediaError(.unreadable, "\(source.name) has a video stream without frames", from: "av_read_frame")
        }
        let (span, overflows) = last.subtractingReportingOverflow(first)
        let base = order.timeline.timeBase
        let seconds = Double(span) * base.approximate
        guard !overflows, span >= 0, seconds <= Double(limits.duration.components.seconds) else {
            throw MediaError(
                .limitExceeded,
                "\(source.name) is \(Int(seconds.rounded(.up))) seconds long;"
                    + " \(limits.duration.components.seconds) are allowed",
                from: "duration")
        }
    }
}
