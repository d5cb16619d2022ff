/// Reads the packets of an indexed stream and knows at every moment which one it is at.
///
/// Demuxers seek only roughly, so each jump is checked: after a seek, packets count as unknown until the random access
/// point that was asked for has been recognised by its place, time and content. Where that fails, reading starts again
/// at the first packet.
struct PacketReader: ~Copyable {
    /// What became of an attempt to read.
    enum Outcome {
        case packet
        case end
        /// A seek has led to packets that are not those of the index. Start again: the reader seeks no more.
        case misled
    }

    /// Reading on costs less than a seek below this many bytes.
    private static let shortDistance: Int64 = 4 << 20
    /// Unknown packets that may pass before a seek counts as failed.
    private static let patience = 2048

    private let source: SourceFile
    private let packets: PacketTable
    private let limits: MediaLimits
    private(set) var demuxer: Demuxer
    /// The packet that ``read(into:)`` gives next.
    private(set) var nextOrdinal = 0
    /// Where in the file the last packet was.
    private var filePosition: Int64 = 0
    /// The packet ``nextOrdinal`` when it was read already, to recognise it.
    private let held: Packet
    private var holdsNext = false
    private var cameBySeek = false
    private var trustsSeeks = true

    init(reading source: SourceFile, packets: PacketTable, limits: MediaLimits) throws(MediaError) {
        let demuxer = try Demuxer(opening: source, limits: limits)
        self.init(source, packets, limits, demuxer: demuxer, held: try Packet())
    }

    private init(
        _ source: SourceFile, _ packets: PacketTable, _ limits: MediaLimits, demuxer: consuming Demuxer,
        held: consuming Packet
    ) {
        self.source = source
        self.packets = packets
        self.limits = limits
        self.demuxer = demuxer
        self.held = held
    }

    /// Fills `packet` with the packet ``nextOrdinal``.
    mutating func read(into packet: borrowing Packet) throws(MediaError) -> Outcome {
        if self.holdsNext {
            self.held.move(to: packet)
            self.holdsNext = false
        } else {
            guard try self.demuxer.read(into: packet) else { return .end }
        }
        self.filePosition = packet.filePosition ?? self.filePosition
        guard self.nextOrdinal < self.packets.count else { return .end }
        guard packet.mark == self.packets.marks[self.nextOrdinal] else { return try self.mismatch() }
        self.nextOrdinal += 1
        return .packet
    }

    /// Makes `start` the next packet; `nil` is the first of the stream.
    mutating func move(to start: RandomAccessPoint?) throws(MediaError) {
        let target = start.map { Int($0.ordinal) } ?? 0
        if let start, self.trustsSeeks, target < self.nextOrdinal || self.isFar(start) {
            if try self.seek(to: start) { return }
            try self.rewind()
        } else if target < self.nextOrdinal {
            try self.rewind()
        }
        let packet = try Packet()
        while self.nextOrdinal < target {
            switch try self.read(into: packet) {
            case .packet: continue
            case .misled: try self.rewind()
            case .end: throw self.changed()
            }
        }
    }

    private func isFar(_ start: RandomAccessPoint) -> Bool {
        guard let filePosition = start.filePosition else { return false }
        return filePosition - self.filePosition > Self.shortDistance
    }

    /// A second owner of the first packet; to be called before any other is read.
    mutating func shareFirstPacket() throws(MediaError) -> Packet {
        if !self.holdsNext { self.holdsNext = try self.demuxer.read(into: self.held) }
        return try self.held.share()
    }

    /// Makes the first packet of the stream the next one, read by a demuxer that has read nothing else.
    mutating func rewind() throws(MediaError) {
        self.demuxer = try Demuxer(opening: self.source, limits: self.limits)
        self.nextOrdinal = 0
        self.filePosition = 0
        self.holdsNext = false
        self.cameBySeek = false
    }

    /// Whether the container led to `start`; if not, the reader must be rewound.
    private mutating func seek(to start: RandomAccessPoint) throws(MediaError) -> Bool {
        self.cameBySeek = true
        self.holdsNext = false
        guard self.demuxer.seek(to: start) else { return false }
        for _ in 0..<Self.patience {
            guard try self.demuxer.read(into: self.held) else { return false }
            if start.isIn(self.held, mark: self.packets.marks[Int(start.ordinal)]) {
                self.nextOrdinal = Int(start.ordinal)
                self.holdsNext = true
                return true
            }
            if let time = self.held.decodeTime, let sought = start.decodeTime, time > sought { return false }
        }
        return false
    }

    private mutating func mismatch() throws(MediaError) -> Outcome {
        guard self.cameBySeek else { throw self.changed() }
        self.trustsSeeks = false
        return .misled
    }

    private func changed() -> MediaError {
        MediaError(
            .sourceChanged, "\(self.source.name) has other packets than when it was indexed", from: "av_read_frame")
    }
}

extension RandomAccessPoint {
    /// Whether `packet` is the one at this point.
    fileprivate func isIn(_ packet: borrowing Packet, mark: UInt16) -> Bool {
        packet.filePosition == self.filePosition && packet.presentationTime == self.presentationTime
            && packet.mark == mark
    }
}

extension Demuxer {
    /// Moves near `start`, by the kind of place that the container understands; `false` if it cannot.
    fileprivate borrowing func seek(to start: RandomAccessPoint) -> Bool {
        if self.seeksByByte, let position = start.filePosition { return self.seek(toByte: position) }
        guard let time = start.decodeTime ?? start.presentationTime else { return false }
        return self.seek(toTime: time)
    }
}
