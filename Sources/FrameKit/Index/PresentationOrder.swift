internal import CFFmpeg
import Annotation

/// In which order, and when, the pictures of a scan are shown.
struct PresentationOrder {
    let timeline: FrameTimeline
    /// For each packet the position in ``timeline`` of its picture; `nil` when it carries none that is shown.
    let positions: [Int32?]
    /// For each position the packet that carries the picture.
    let ordinals: [Int32]
    let reorderDepth: Int

    /// Where presentation times are missing, the order comes from the bitstream and the times from the decode times
    /// or, without those, from the declared rate.
    init(of scan: PacketScan, in source: SourceFile, limits: MediaLimits) throws(MediaError) {
        let shown = Self.shownOrdinals(of: scan)
        var ticks: [Int64] = []
        var ordered: [Int32]
        var timeBase = scan.timeBase
        if shown.allSatisfy({ scan.entries[Int($0)].presentationTime != nil }) {
            func time(_ ordinal: Int32) -> Int64 { scan.entries[Int(ordinal)].presentationTime ?? 0 }
            ordered = shown.sorted { (time($0), $0) < (time($1), $1) }
            ticks = ordered.map(time)
        } else {
            ordered = try Self.order(shown, by: scan, in: source, limits: limits)
            ticks = shown.compactMap { scan.entries[Int($0)].decodeTime }.sorted()
            if ticks.count != shown.count {
                ticks = Array(0..<Int64(shown.count))
                timeBase = Rational(scan.declaredFrameRate.denominator, scan.declaredFrameRate.numerator)
            }
        }
        Self.keepOncePerTime(&ordered, &ticks)

        var positions = [Int32?](repeating: nil, count: scan.entries.count)
        for (position, ordinal) in ordered.enumerated() { positions[Int(ordinal)] = Int32(position) }
        self.timeline = FrameTimeline(ticks: ticks, timeBase: timeBase)
        self.ordinals = ordered
        self.reorderDepth = Self.reorderDepth(of: positions)
        self.positions = positions
    }

    /// Packets whose picture is shown, in the order of decoding. What precedes the first random access point, or
    /// refers to what would precede it, is shown by no player.
    private static func shownOrdinals(of scan: PacketScan) -> [Int32] {
        let first = scan.starts.first.map { Int($0.ordinal) } ?? 0
        let second = scan.starts.dropFirst().first.map { Int($0.ordinal) } ?? scan.entries.count
        return scan.entries.indices.dropFirst(first).compactMap { ordinal in
            let entry = scan.entries[ordinal]
            let isCutOff = ordinal < second && entry.isSkippedAfterRandomAccess
            return entry.carriesPicture && !isCutOff ? Int32(ordinal) : nil
        }
    }

    private static func order(
        _ shown: [Int32], by scan: PacketScan, in source: SourceFile, limits: MediaLimits
    ) throws(MediaError) -> [Int32] {
        if scan.reordersByCoding {
            return self.orderByCoding(shown) { scan.entries[Int($0)].disposableLayer != nil }
        }
        let keys = try PictureOrderScan(of: source, limits: limits).keys
        guard keys.count == scan.entries.count else { return shown }
        return shown.sorted { (keys[Int($0)], $0) < (keys[Int($1)], $1) }
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

    /// Of pictures with the same time, the one decoded first stays.
    private static func keepOncePerTime(_ ordered: inout [Int32], _ ticks: inout [Int64]) {
        var count = 0
        for index in ticks.indices where count == 0 || ticks[index] != ticks[count - 1] {
            ticks[count] = ticks[index]
            ordered[count] = ordered[index]
            count += 1
        }
        ticks.removeSubrange(count...)
        ordered.removeSubrange(count...)
    }

    /// The largest number of pictures that are decoded before one which is shown earlier than all of them.
    static func reorderDepth(of positions: [Int32?]) -> Int {
        var depth = 0
        // Positions decoded so far beyond the first one that is still missing.
        var ahead: [Int32] = []
        var missing: Int32 = 0
        for case let position? in positions {
            depth = max(depth, ahead.count { $0 > position })
            ahead.append(position)
            while let index = ahead.firstIndex(of: missing) {
                ahead.remove(at: index)
                missing += 1
            }
        }
        return depth
    }
}
