/// How far one run of a ``DecodePlan`` has come.
struct RunProgress {
    /// An index into the random access points; `nil` is the first packet of the stream.
    private(set) var start: Int?
    let lastOrdinal: Int
    /// Whether the clip ends with this run, so that decoding may go on for the clip that follows.
    let isLast: Bool
    /// Whether the picture at ``start`` has yet to come out, whole.
    var expectsStart = false
    private(set) var isStopped = false
    /// How many random access points the next ``stepBack()`` goes.
    private var stride = 1
    private var wanted: ArraySlice<Int32>
    private let lastPosition: Int

    init(of run: DecodePlan.Run, in positions: ArraySlice<Int32>, isLast: Bool) {
        self.start = run.start
        self.lastOrdinal = run.lastOrdinal
        self.isLast = isLast
        self.wanted = positions[run.positions]
        self.lastPosition = Int(positions[run.positions.upperBound - 1])
    }

    /// The first wanted position whose picture has not come out yet.
    var nextPosition: Int? { self.wanted.first.map { Int($0) } }

    var isFinished: Bool { self.wanted.isEmpty }

    /// Notes that the picture at `position` came out; wanted ones before it have not decoded. Returns whether it is
    /// wanted itself.
    mutating func take(_ position: Int) -> Bool {
        self.wanted = self.wanted.drop { $0 < position }
        guard self.nextPosition == position else { return false }
        self.wanted.removeFirst()
        return true
    }

    /// Notes that no more pictures come.
    mutating func finish() { self.wanted.removeAll() }

    /// Notes that nobody wants more pictures.
    mutating func stop() {
        self.isStopped = true
        self.finish()
    }

    /// Makes the run start earlier, twice as far back each time: where no start is whole, the first packet is reached
    /// after a few steps.
    mutating func stepBack() {
        guard let start = self.start else { return }
        self.start = start >= self.stride ? start - self.stride : nil
        self.stride *= 2
    }

    /// Whether the packet `ordinal` can be left out: nothing refers to it, and it is neither wanted now nor perhaps by
    /// the clip that follows.
    ///
    /// - Parameter skippedLast: whether the packet before was left out; one without a picture of its own, such as a
    ///   second field, goes with it.
    func canSkip(_ ordinal: Int, of packets: PacketTable, skippedLast: Bool) -> Bool {
        guard packets.isDisposable(ordinal) else { return false }
        guard let position = packets.position(of: ordinal) else { return skippedLast }
        return position < self.lastPosition && !self.wants(position)
    }

    private func wants(_ position: Int) -> Bool {
        var low = self.wanted.startIndex
        var high = self.wanted.endIndex
        while low < high {
            let middle = (low + high) / 2
            if self.wanted[middle] < position { low = middle + 1 } else { high = middle }
        }
        return low < self.wanted.endIndex && self.wanted[low] == position
    }
}
