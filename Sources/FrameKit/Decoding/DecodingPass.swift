/// Decodes one stretch of a stream, packet after packet from a start on, and records where it met damage.
///
/// A pass neither decides what to decode nor what to show: ``SparseDecoding`` and ``FullDecoding`` do.
struct DecodingPass: ~Copyable {
    /// What ``next(through:skipping:)`` came to.
    enum Step {
        /// A picture is in ``frame``.
        ///
        /// - Parameter isDamaged: whether the decoder had to guess a part of it.
        case picture(position: Int, isDamaged: Bool)
        /// All packets up to the given one are decoded, and their pictures may still be held back.
        case starved
        /// All pictures of the packets before ``finish()``, or before the end of the stream, are out.
        case finished
        /// A seek led to packets that are not those of the index: the pass must be started again.
        case misled
    }

    let packets: PacketTable
    let frame: Frame
    /// Packets that the decoder has taken in, in all passes.
    private(set) var decodedPacketCount = 0
    /// The packet that is decoded next.
    var nextOrdinal: Int { self.reader.nextOrdinal }
    /// The first packet since the start that did not decode as it should; `nil` while all did.
    var firstDamage: Int? { self.damage.first }

    private let limits: MediaLimits
    private let reorderDepth: Int
    private let isExact: Bool
    private let name: String
    private var reader: PacketReader
    private var decoder: Decoder
    private let packet: Packet
    private let firstPacket: Packet
    /// Whether the decoder was given nothing yet.
    private var isNew = true
    /// Whether the decoder was given packets that are not those of the index.
    private var wasMisled = false
    private var isPrimed = false
    private var isFinished = false
    /// The packet at which decoding started; `nil` when that is the first one, whatever it is.
    private var startOrdinal: Int?
    private var startsAtFirstPacket: Bool { self.startOrdinal == nil }
    /// The first position that comes out right; pictures before it lead the start and refer to what lies before it.
    private var startPosition = 0
    private var damage = DamageRecord()
    /// Positions whose packets are decoded and whose pictures have not come out.
    private var pending: [Int] = []

    /// - Parameter isExact: whether damaged pictures must be the same on every run: each start has a new decoder, in
    ///   which nothing of earlier pictures is left, and parts of a picture that no packet covers are zeros.
    init(
        reading source: SourceFile, by index: MediaIndex, limits: MediaLimits, isExact: Bool
    ) throws(MediaError) {
        var reader = try PacketReader(reading: source, packets: index.packets, limits: limits)
        let first = try reader.shareFirstPacket()
        // Told by damaged pictures, the depth is no better than what the decoder finds itself.
        let depth = isExact && !index.isOrderedByTime ? 0 : index.reorderDepth
        let decoder = try Decoder.open(
            for: reader.demuxer, limits: limits, reorderDepth: depth, clearsBuffers: isExact, name: source.name)
        self.init(
            index, limits, isExact, depth, name: source.name, reader: reader, decoder: decoder, packet: try Packet(),
            firstPacket: first, frame: try Frame())
    }

    private init(
        _ index: MediaIndex, _ limits: MediaLimits, _ isExact: Bool, _ reorderDepth: Int, name: String,
        reader: consuming PacketReader, decoder: consuming Decoder, packet: consuming Packet,
        firstPacket: consuming Packet, frame: consuming Frame
    ) {
        self.packets = index.packets
        self.reorderDepth = reorderDepth
        self.limits = limits
        self.isExact = isExact
        self.name = name
        self.reader = reader
        self.decoder = decoder
        self.packet = packet
        self.firstPacket = firstPacket
        self.frame = frame
    }

    /// Starts anew.
    ///
    /// - Parameter start: an index into the random access points; `nil` is the first packet of the stream.
    mutating func start(at start: Int?) throws(MediaError) {
        let point = start.map { self.packets.randomAccessPoints[$0] }
        if self.packets.hasChangingHeaders { try self.reader.rewind() }
        try self.reader.move(to: point)
        try self.renewDecoder(needsHeaders: self.reader.nextOrdinal > 0)
        self.startOrdinal = point.map { Int($0.ordinal) }
        self.startPosition = point.map { Int($0.position) } ?? 0
        self.isFinished = false
        self.damage = DamageRecord()
        self.pending.removeAll(keepingCapacity: true)
    }

    /// Brings the decoder to the state of one that was just opened, and that knows what the stream says of itself in
    /// its first packet only: parameter sets, tables, the encoder's version.
    ///
    /// Flushing is enough for a decoder that met nothing but intact packets with the same headers; any other is
    /// replaced.
    private mutating func renewDecoder(needsHeaders: Bool) throws(MediaError) {
        let isTrusted = !self.wasMisled && self.damage.first == nil && !self.packets.hasChangingHeaders
        if !self.isNew, isTrusted, !self.isExact {
            self.decoder.reset()
        } else if !self.isNew {
            self.decoder = try Decoder.open(
                for: self.reader.demuxer, limits: self.limits, reorderDepth: self.reorderDepth,
                clearsBuffers: self.isExact, name: self.name)
            self.isPrimed = false
        }
        self.isNew = false
        self.wasMisled = false
        // A decode that goes through the first packet learns from it what priming would teach.
        guard needsHeaders, !self.isPrimed else { return self.isPrimed = true }
        let packet = try self.firstPacket.share()
        _ = try self.decoder.send(packet)
        self.decoder.finish()
        while try self.decoder.receive(into: self.frame) != .finished {}
        self.decoder.reset()
        self.isPrimed = true
    }

    /// Decodes until the next picture comes out.
    ///
    /// - Parameters:
    ///   - lastOrdinal: no packet after this one is taken in.
    ///   - skips: whether a packet is left out.
    mutating func next(
        through lastOrdinal: Int, skipping skips: (_ ordinal: Int) -> Bool
    ) throws(MediaError) -> Step {
        while true {
            switch try self.decoder.receive(into: self.frame) {
            case .picture:
                guard let ordinal = self.frame.tag, let position = self.packets.position(of: ordinal),
                    position >= self.startPosition
                else { continue }
                return .picture(position: position, isDamaged: self.examine(ordinal, at: position))
            case .failed: self.noteFailure(at: self.nextOrdinal - 1)
            case .finished:
                for position in self.pending { self.noteFailure(at: self.packets.ordinal(at: position)) }
                self.pending.removeAll()
                return .finished
            case .needsPacket:
                guard self.nextOrdinal <= lastOrdinal else { return .starved }
                guard try self.feed(skipping: skips) else { return .misled }
            }
        }
    }

    /// Says that no packet follows: the remaining pictures come out. The pass must be started again afterwards.
    mutating func finish() {
        guard !self.isFinished else { return }
        self.decoder.finish()
        self.isFinished = true
    }

    /// Whether the pass can take in further packets.
    var isOpen: Bool { !self.isFinished }

    /// Sends the next packet that is not skipped; `false` when the reader was misled.
    private mutating func feed(skipping skips: (Int) -> Bool) throws(MediaError) -> Bool {
        guard !Task.isCancelled else {
            throw MediaError(.cancelled, "the clip was cancelled", from: "Task.isCancelled")
        }
        let ordinal = self.nextOrdinal
        switch try self.reader.read(into: self.packet) {
        case .misled:
            self.wasMisled = true
            return false
        case .end: self.finish()
        case .packet where skips(ordinal): break
        case .packet:
            self.packet.tag(with: ordinal)
            if let position = self.packets.position(of: ordinal), position >= self.startPosition {
                self.pending.append(position)
            }
            if self.packets.isCorrupt(ordinal) { self.damage.note(ordinal) }
            // Nothing before the start matters there.
            if self.packets.isDiscontinuous(ordinal), ordinal != self.startOrdinal {
                self.damage.noteGap(before: ordinal)
            }
            if try !self.decoder.send(self.packet) { self.noteFailure(at: ordinal) }
            self.decodedPacketCount += 1
        }
        return true
    }

    /// Looks at the picture in ``frame``; returns whether it is damaged.
    private mutating func examine(_ ordinal: Int, at position: Int) -> Bool {
        for missing in self.pending where missing < position {
            self.noteFailure(at: self.packets.ordinal(at: missing))
        }
        self.pending.removeAll { $0 <= position }
        let isDoubted = self.startsAtFirstPacket || !self.decoder.doubtsIntactPictures
        let refersToMissing = self.frame.isMarkedCorrupt && isDoubted
        // The container may call a picture a keyframe whose own type was overwritten.
        let isNoStart = ordinal == self.startOrdinal && self.frame.refersToOthers
        if refersToMissing || isNoStart || self.frame.hasDecodeErrors { self.damage.note(ordinal) }
        return self.damage.includes(ordinal...self.packets.lastOrdinal(at: position))
    }

    private mutating func noteFailure(at ordinal: Int) {
        // Pictures that lead the start refer to what was not decoded. Nothing that is shown after it refers to them.
        if let position = self.packets.position(of: ordinal), position < self.startPosition { return }
        self.damage.note(ordinal)
    }
}

/// Which packets of a pass did not decode as they should.
private struct DamageRecord {
    private(set) var first: Int?
    /// The latest of them, ascending or nearly so: pictures come out at most a few dozen packets after theirs.
    private var recent: [Int] = []
    private static let capacity = 256

    /// Notes that something is missing before a packet, which may come out intact itself.
    mutating func noteGap(before ordinal: Int) { self.first = min(self.first ?? ordinal, ordinal) }

    mutating func note(_ ordinal: Int) {
        self.first = min(self.first ?? ordinal, ordinal)
        guard !self.recent.contains(ordinal) else { return }
        if self.recent.count == Self.capacity { self.recent.removeFirst(Self.capacity / 2) }
        self.recent.append(ordinal)
    }

    func includes(_ ordinals: ClosedRange<Int>) -> Bool { self.recent.contains { ordinals.contains($0) } }
}
