/// Decodes no more than wanted pictures need, for as long as nothing is damaged.
///
/// It starts at the last random access point before a wanted picture and leaves out packets to which no other refers.
/// What comes out is right only while every packet decodes: then the standard alone determines the pictures, wherever
/// decoding started. From the first damaged packet on it gives nothing, and ``FullDecoding`` takes over.
struct SparseDecoding: ~Copyable {
    /// Packets that may be decoded beyond the last wanted one to make the decoder let go of its picture. No codec
    /// holds back more: 16 pictures, of two fields or with parameter sets in between.
    private static let lookahead = 64

    private var pass: DecodingPass
    /// The position of the last picture that came out.
    private var lastPosition = -1
    /// Whether the pass was started and what it decoded serves the pictures after ``lastPosition``.
    private var canContinue = false
    /// Answers of ``isSound(_:)``.
    private var knownSoundness: [Int: Bool] = [:]

    var decodedPacketCount: Int { self.pass.decodedPacketCount }

    init(_ pass: consuming DecodingPass) { self.pass = pass }

    /// Calls `body` with the pictures of one run, in order, until one is damaged or `body` returns `false`.
    ///
    /// - Parameters:
    ///   - wanted: positions of the run, ascending.
    ///   - isLast: whether the clip ends with this run, so that decoding may continue for the clip that follows.
    /// - Returns: the positions that it could not give because of damage; `nil` when `body` wants no more.
    mutating func decode(
        _ run: DecodePlan.Run, wanting wanted: ArraySlice<Int32>, isLast: Bool,
        _ body: (Int, borrowing Frame) throws(MediaError) -> Bool
    ) throws(MediaError) -> ArraySlice<Int32>? {
        let packets = self.pass.packets
        var rest = wanted
        try self.begin(run, firstPosition: rest.first.map { Int($0) } ?? 0)
        var end = run.lastOrdinal + (isLast ? Self.lookahead : 0)
        while let next = rest.first.map({ Int($0) }) {
            let step = try self.pass.next(through: end) { [packets] ordinal in
                packets.canSkip(ordinal, wanting: wanted)
            }
            switch step {
            case .misled:
                try self.start(at: run.start)
                end = run.lastOrdinal
            case .starved:
                self.pass.finish()
                end = -1
            case .finished: return self.end(with: rest)
            case .picture(let position, _):
                self.lastPosition = max(self.lastPosition, position)
                guard position >= next else { continue }
                guard position == next, self.isBeforeDamage(position) else { return self.end(with: rest) }
                rest.removeFirst()
                guard try body(position, self.pass.frame) else { return self.end(with: nil) }
            }
            if self.pass.firstDamage != nil {
                // Pictures of packets before the damage are right and still come out.
                self.pass.finish()
                end = -1
            }
        }
        self.canContinue = self.pass.isOpen && self.pass.firstDamage == nil
        return rest
    }

    /// Whether decoding from a random access point on is like continuing from the first packet of the stream: the
    /// picture there is intact, and so are as many pictures after it as it takes until none from before it can be
    /// referred to.
    ///
    /// - Parameter start: an index into the random access points.
    mutating func isSound(_ start: Int) throws(MediaError) -> Bool {
        if let known = self.knownSoundness[start] { return known }
        let packets = self.pass.packets
        let end = packets.lastOrdinal(settling: start)
        var isFinished = false
        try self.start(at: start)
        self.canContinue = false
        while !isFinished {
            switch try self.pass.next(through: end, skipping: { packets.isDisposable($0) && $0 < end }) {
            case .misled: try self.start(at: start)
            case .starved: self.pass.finish()
            case .finished: isFinished = true
            case .picture: continue
            }
        }
        let isSound = self.pass.firstDamage == nil
        self.knownSoundness[start] = isSound
        return isSound
    }

    /// Brings the pass to where the run begins, or lets it continue.
    private mutating func begin(_ run: DecodePlan.Run, firstPosition: Int) throws(MediaError) {
        let startOrdinal = run.start.map { Int(self.pass.packets.randomAccessPoints[$0].ordinal) } ?? 0
        if self.canContinue, firstPosition > self.lastPosition, startOrdinal <= self.pass.nextOrdinal { return }
        try self.start(at: run.start)
    }

    private mutating func start(at start: Int?) throws(MediaError) {
        self.canContinue = false
        self.lastPosition = -1
        try self.pass.start(at: start)
    }

    private mutating func end(with rest: ArraySlice<Int32>?) -> ArraySlice<Int32>? {
        self.canContinue = false
        return rest
    }

    private func isBeforeDamage(_ position: Int) -> Bool {
        guard let damage = self.pass.firstDamage else { return true }
        return self.pass.packets.lastOrdinal(at: position) < damage
    }
}

extension PacketTable {
    /// Whether no other packet refers to `ordinal`, and it is neither wanted now nor perhaps by the clip that follows.
    fileprivate func canSkip(_ ordinal: Int, wanting wanted: ArraySlice<Int32>) -> Bool {
        guard self.isDisposable(ordinal), let lastWanted = wanted.last else { return false }
        if let position = self.position(of: ordinal) {
            return position < lastWanted && !wanted.containsSorted(Int32(position))
        }
        // One without a picture of its own, such as a second field, goes with the picture before it.
        guard ordinal > 0, self.isDisposable(ordinal - 1), let position = self.position(of: ordinal - 1) else {
            return false
        }
        return position < lastWanted && !wanted.containsSorted(Int32(position))
    }
}

extension ArraySlice<Int32> {
    /// Whether an ascending slice has `value`.
    fileprivate func containsSorted(_ value: Int32) -> Bool {
        var low = self.startIndex
        var high = self.endIndex
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < self.endIndex && self[low] == value
    }
}
