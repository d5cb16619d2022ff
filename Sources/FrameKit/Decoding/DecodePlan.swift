import Domain

/// Which packets must be decoded to get the wanted pictures of one clip, and no more than these.
struct DecodePlan: Hashable {
    /// Packets that are decoded one after the other without a gap.
    struct Run: Hashable {
        /// Where decoding starts: an index into the random access points; `nil` is the first packet of the stream.
        var start: Int?
        /// The last packet that a wanted picture needs.
        var lastOrdinal: Int
        /// Wanted positions in the timeline.
        var positions: Range<ArraySlice<Int32>.Index>
    }

    let runs: [Run]

    /// A run ends where the next wanted picture can be had from a random access point further on.
    init(of positions: ArraySlice<Int32>, in packets: PacketTable) {
        var runs: [Run] = []
        for index in positions.indices {
            let position = Int(positions[index])
            let start = packets.randomAccessPoint(for: position)
            let ordinal = packets.lastOrdinal(at: position)
            let startOrdinal = start.map { Int(packets.randomAccessPoints[$0].ordinal) } ?? 0
            if let run = runs.last, startOrdinal <= run.lastOrdinal + 1 {
                runs[runs.count - 1].lastOrdinal = max(run.lastOrdinal, ordinal)
                runs[runs.count - 1].positions = run.positions.lowerBound..<index + 1
            } else {
                runs.append(Run(start: start, lastOrdinal: ordinal, positions: index..<index + 1))
            }
        }
        self.runs = runs
    }
}
