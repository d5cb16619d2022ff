import Domain

/// In which order, and when, the pictures of a scan are shown.
struct PresentationOrder {
    let timeline: FrameTimeline
    /// For each packet the position in ``timeline`` of its picture; `nil` when it carries none that is shown.
    let positions: [Int32?]
    /// For each position the packet that carries the picture.
    let ordinals: [Int32]
    /// The largest number of pictures that are decoded before one which is shown earlier than all of them.
    let reorderDepth: Int
    /// Whether ``timeline`` comes from presentation times alone.
    let isOrderedByTime: Bool

    /// Orders by presentation time. Where times are missing or contradict the bitstream (some muxers write decode times
    /// twice), the order comes from the bitstream.
    init(of scan: PacketScan, in source: SourceFile, limits: MediaLimits) throws(MediaError) {
        let decoded = Self.shownOrdinals(of: scan)
        var ordered = Self.orderByTime(decoded, of: scan)
        self.isOrderedByTime =
            ordered != nil && !scan.mayHoldSingleFields && !(scan.stream.declaresReordering && ordered == decoded)
        if !self.isOrderedByTime {
            ordered = try Self.orderByBitstream(decoded, of: scan, in: source, limits: limits)
        }
        var (ordinals, ticks, timeBase) = Self.timed(ordered ?? decoded, of: scan)
        Self.dropCutOff(&ordinals, &ticks, by: scan.starts.first)
        Self.keepOncePerTime(&ordinals, &ticks)

        var positions = [Int32?](repeating: nil, count: scan.entries.count)
        for (position, ordinal) in ordinals.enumerated() { positions[Int(ordinal)] = Int32(position) }
        self.timeline = FrameTimeline(ticks: ticks, timeBase: timeBase)
        self.ordinals = ordinals
        self.reorderDepth = Self.reorderDepth(of: positions)
        self.positions = positions
    }

    /// Packets whose picture is shown, in the order of decoding. No player shows what precedes the first random access
    /// point, nor what the standard skips after it.
    private static func shownOrdinals(of scan: PacketScan) -> [Int32] {
        let first = scan.starts.first.map { Int($0.ordinal) } ?? 0
        let second = scan.starts.dropFirst().first.map { Int($0.ordinal) } ?? scan.entries.count
        return scan.entries.indices.dropFirst(first).compactMap { ordinal in
            let entry = scan.entries[ordinal]
            let isSkipped = ordinal < second && entry.isSkippedAfterRandomAccess
            return entry.carriesPicture && !isSkipped ? Int32(ordinal) : nil
        }
    }

    /// `nil` when a presentation time is missing.
    private static func orderByTime(_ decoded: [Int32], of scan: PacketScan) -> [Int32]? {
        guard decoded.allSatisfy({ scan.entries[Int($0)].presentationTime != nil }) else { return nil }
        func time(_ ordinal: Int32) -> Int64 { scan.entries[Int(ordinal)].presentationTime ?? 0 }
        return decoded.sorted { (time($0), $0) < (time($1), $1) }
    }

    private static func orderByBitstream(
        _ decoded: [Int32], of scan: PacketScan, in source: SourceFile, limits: MediaLimits
    ) throws(MediaError) -> [Int32] {
        if scan.stream.reordersByCoding {
            return self.orderByCoding(decoded) { scan.entries[Int($0)].disposableLayer != nil }
        }
        let pictures = try PictureOrderScan(of: source, limits: limits).pictures
        // Codecs without a parser show pictures in the order of decoding.
        guard pictures.count == scan.entries.count else { return decoded }
        return decoded.filter { !pictures[Int($0)].isSecondField }
            .sorted { (pictures[Int($0)].order, $0) < (pictures[Int($1)].order, $1) }
    }

    /// The order of MPEG-1, -2 and -4: a picture that others refer to is shown after the B pictures that follow it.
    static func orderByCoding(_ ordinals: [Int32], isBidirectional: (Int32) -> Bool) -> [Int32] {
        var ordered: [Int32] = []
        var held: Int32?
        for ordinal in ordinals {
            if isBidirectional(ordinal) {
                ordered.append(ordinal)
            } else {
                if let held { ordered.append(held) }
                held = ordinal
            }
        }
        if let held { ordered.append(held) }
        return ordered
    }

    /// Gives ordered pictures their times: the presentation times, else the decode times, else the declared rate's.
    private static func timed(
        _ ordered: [Int32], of scan: PacketScan
    ) -> (ordinals: [Int32], ticks: [Int64], timeBase: Rational) {
        let presentationTimes = ordered.compactMap { scan.entries[Int($0)].presentationTime }.sorted()
        if presentationTimes.count == ordered.count { return (ordered, presentationTimes, scan.stream.timeBase) }
        let decodeTimes = ordered.compactMap { scan.entries[Int($0)].decodeTime }.sorted()
        if decodeTimes.count == ordered.count {
            return (ordered, self.delayed(decodeTimes, by: self.reorderDepth(ofShown: ordered)), scan.stream.timeBase)
        }
        let rate = scan.stream.declaredFrameRate
        return (ordered, Array(0..<Int64(ordered.count)), Rational(rate.denominator, rate.numerator))
    }

    /// A picture is shown when the one that is decoded `depth` pictures later is decoded; the last ones keep the pace.
    private static func delayed(_ times: [Int64], by depth: Int) -> [Int64] {
        guard depth > 0, times.count > depth + 1 else { return times }
        // Wrapping: the times come from an untrusted file, and the duration is checked afterwards.
        let last = times[times.count - 1]
        let pace = max(1, last &- times[times.count - 2])
        return times.dropFirst(depth) + (1...Int64(depth)).map { last &+ $0 &* pace }
    }

    /// - Parameter ordered: the pictures' packets in the order of showing.
    private static func reorderDepth(ofShown ordered: [Int32]) -> Int {
        let decoded = ordered.indices.sorted { ordered[$0] < ordered[$1] }
        return self.reorderDepth(of: decoded.map { Int32($0) as Int32? })
    }

    /// Pictures that are decoded after an open start but shown before it refer to what the file does not hold.
    private static func dropCutOff(_ ordinals: inout [Int32], _ ticks: inout [Int64], by start: PacketScan.Start?) {
        guard let start, start.access == .open, let first = ordinals.firstIndex(of: start.ordinal) else { return }
        ordinals.removeSubrange(..<first)
        ticks.removeSubrange(..<first)
    }

    /// Of pictures with the same time, the one decoded first stays.
    private static func keepOncePerTime(_ ordinals: inout [Int32], _ ticks: inout [Int64]) {
        var count = 0
        for index in ticks.indices where count == 0 || ticks[index] != ticks[count - 1] {
            ticks[count] = ticks[index]
            ordinals[count] = ordinals[index]
            count += 1
        }
        ticks.removeSubrange(count...)
        ordinals.removeSubrange(count...)
    }

    /// - Parameter positions: in the timeline, in the order of decoding.
    static func reorderDepth(of positions: [Int32?]) -> Int {
        // The picture that waits longest is shown after all that were decoded before it and are shown earlier; so many
        // places later than it is shown it was decoded.
        var depth = 0
        var decodedCount = 0
        for case let position? in positions {
            depth = max(depth, decodedCount - Int(position))
            decodedCount += 1
        }
        return depth
    }
}
