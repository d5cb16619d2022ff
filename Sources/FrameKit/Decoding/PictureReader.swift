/// Gets the pictures at wanted positions of a timeline, decoding no more than they need.
///
/// The decoder stays open between calls: positions that follow those of the last call go on where it ended.
struct PictureReader: ~Copyable {
    /// Packets that may be decoded beyond the last wanted one to make the decoder let go of its picture. No codec
    /// holds back more: 16 pictures, of two fields or with parameter sets in between.
    private static let lookahead = 64

    let packets: PacketTable
    private var reader: PacketReader
    private let decoder: Decoder
    private let packet: Packet
    private let frame: Frame
    /// The position of the picture in ``frame`` when nobody has used it yet.
    private var waitingPosition: Int?
    /// The position up to which pictures have been used or passed over.
    private var usedPosition = -1
    /// Whether the decoder has taken in all that pictures after ``usedPosition`` need, up to the reader's next packet.
    private var isContinuous = false
    /// Whether decoding started at a picture that came out whole.
    private var isFounded = false
    /// The furthest packet at which a start proved damaged. Until a later random access point comes out whole, decoding
    /// goes straight on instead of jumping ahead: each jump would have to be taken back to where decoding came from.
    private var damagedStart: Int?
    /// What was last lent by ``withStandIn(for:_:)``.
    var standIn: StandIn?
    /// Packets that the decoder has taken in: what all pictures so far have cost.
    private(set) var decodedPacketCount = 0

    init(reading source: SourceFile, by index: MediaIndex, limits: MediaLimits) throws(MediaError) {
        let reader = try PacketReader(reading: source, packets: index.packets, limits: limits)
        let decoder = try Decoder.open(
            for: reader.demuxer, limits: limits, reorderDepth: index.reorderDepth, name: source.name)
        self.init(index.packets, reader: reader, decoder: decoder, packet: try Packet(), frame: try Frame())
    }

    private init(
        _ packets: PacketTable, reader: consuming PacketReader, decoder: consuming Decoder,
        packet: consuming Packet, frame: consuming Frame
    ) {
        self.packets = packets
        self.reader = reader
        self.decoder = decoder
        self.packet = packet
        self.frame = frame
    }

    /// Calls `body` with each wanted picture that can be decoded, in ascending order, until it returns `false`.
    ///
    /// - Parameter positions: ascending positions in the timeline.
    mutating func forEachPicture(
        at positions: ArraySlice<Int32>, _ body: (Int, borrowing Frame) throws(MediaError) -> Bool
    ) throws(MediaError) {
        let plan = DecodePlan(of: positions, in: self.packets)
        for (number, run) in plan.runs.enumerated() {
            var progress = RunProgress(of: run, in: positions, isLast: number == plan.runs.count - 1)
            while !progress.isFinished {
                try self.begin(&progress)
                try self.decode(&progress, body)
            }
            if progress.isStopped { return }
        }
    }

    /// Gets the decoder to a state from which the run can go on.
    private mutating func begin(_ progress: inout RunProgress) throws(MediaError) {
        let start = progress.start.map { self.packets.randomAccessPoints[$0] }
        let startOrdinal = start.map { Int($0.ordinal) } ?? 0
        let isAhead = progress.nextPosition.map { $0 > self.usedPosition } ?? true
        let canGoOn = self.damagedStart != nil || startOrdinal <= self.reader.nextOrdinal
        if self.isContinuous, isAhead, canGoOn { return }
        self.decoder.reset()
        try self.reader.move(to: start)
        self.isContinuous = true
        self.waitingPosition = nil
        self.usedPosition = -1
        self.isFounded = false
        progress.expectsStart = start != nil && self.packets.position(of: startOrdinal) != nil
    }

    /// Decodes until the run is finished, or until it must begin again: ``isContinuous`` is `false` then.
    private mutating func decode(
        _ progress: inout RunProgress, _ body: (Int, borrowing Frame) throws(MediaError) -> Bool
    ) throws(MediaError) {
        while !progress.isFinished {
            if let position = self.waitingPosition {
                try self.use(position, &progress, body)
                continue
            }
            switch try self.decoder.receive(into: self.frame) {
            case .picture:
                guard let ordinal = self.frame.tag, let position = self.packets.position(of: ordinal) else { continue }
                guard self.isGoodStart(position, &progress) else { return self.startEarlier(&progress) }
                self.regainTrust(at: ordinal)
                if self.isFounded || !self.frame.isUnfounded { self.waitingPosition = position }
            case .needsPacket:
                if self.missesStart(progress) { return self.startEarlier(&progress) }
                guard try self.feed(&progress) else { return self.isContinuous = false }
            case .finished:
                if progress.expectsStart { return self.startEarlier(&progress) }
                self.isContinuous = false
                progress.finish()
            }
        }
    }

    /// Hands the waiting picture over if it is wanted. One beyond the last wanted picture stays for the next call.
    private mutating func use(
        _ position: Int, _ progress: inout RunProgress, _ body: (Int, borrowing Frame) throws(MediaError) -> Bool
    ) throws(MediaError) {
        let isWanted = progress.take(position)
        if isWanted, try !body(position, self.frame) { progress.stop() }
        guard isWanted || !progress.isFinished else { return }
        self.waitingPosition = nil
        self.usedPosition = max(self.usedPosition, position)
    }

    /// Sends the decoder the next packet that the run needs, or tells it that none follows; `false` when the reader was
    /// misled and the run must begin again.
    private mutating func feed(_ progress: inout RunProgress) throws(MediaError) -> Bool {
        let goesOn = progress.isLast || self.damagedStart != nil
        let end = progress.lastOrdinal + (goesOn ? Self.lookahead : 0)
        var skippedLast = false
        while self.reader.nextOrdinal <= end {
            guard !Task.isCancelled else {
                throw MediaError(.cancelled, "the clip was cancelled", from: "Task.isCancelled")
            }
            let ordinal = self.reader.nextOrdinal
            switch try self.reader.read(into: self.packet) {
            case .misled: return false
            case .end: return self.finish()
            case .packet:
                skippedLast = progress.canSkip(ordinal, of: self.packets, skippedLast: skippedLast)
                if skippedLast { continue }
                self.packet.tag(with: ordinal)
                try self.decoder.send(self.packet)
                self.decodedPacketCount += 1
                return true
            }
        }
        guard goesOn, !progress.expectsStart else { return self.finish() }
        // What has not come out by now does not decode. The decoder stays as it is for what follows.
        progress.finish()
        return true
    }

    private mutating func finish() -> Bool {
        self.decoder.finish()
        self.isContinuous = false
        return true
    }

    /// Whether the first picture of a new start is the one it started with, undamaged. Pictures that lead it are of no
    /// use and tell nothing.
    private mutating func isGoodStart(_ position: Int, _ progress: inout RunProgress) -> Bool {
        guard progress.expectsStart, let start = progress.start else { return true }
        let expected = Int(self.packets.randomAccessPoints[start].position)
        guard position >= expected else { return true }
        progress.expectsStart = false
        self.isFounded = position == expected && !self.frame.isDamaged
        return self.isFounded
    }

    /// Whether the picture that decoding started with would have come out by now.
    private func missesStart(_ progress: RunProgress) -> Bool {
        guard progress.expectsStart, let start = progress.start else { return false }
        return self.reader.nextOrdinal > Int(self.packets.randomAccessPoints[start].ordinal) + Self.lookahead
    }

    /// Notes that the picture in packet `ordinal` came out.
    private mutating func regainTrust(at ordinal: Int) {
        guard let damaged = self.damagedStart, ordinal > damaged, !self.frame.isDamaged else { return }
        if self.packets.isRandomAccessPoint(ordinal) { self.damagedStart = nil }
    }

    private mutating func startEarlier(_ progress: inout RunProgress) {
        if let start = progress.start {
            let ordinal = Int(self.packets.randomAccessPoints[start].ordinal)
            self.damagedStart = max(self.damagedStart ?? ordinal, ordinal)
        }
        progress.stepBack()
        self.isContinuous = false
    }
}
