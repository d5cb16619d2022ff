internal import CFFmpeg
import Domain

/// One pass over the packets of the primary stream, in the order of decoding.
struct PacketScan {
    /// A packet at which decoding can start, with the place and times that the container gives it.
    struct Start {
        let ordinal: Int32
        let access: PacketTraits.RandomAccess
        /// See ``PacketInspector/settlingPictures(after:)``.
        let settlingPictures: Int16
        let filePosition: Int64?
        let presentationTime: Int64?
        let decodeTime: Int64?
    }

    private(set) var entries = ScannedPackets()
    private(set) var starts: [Start] = []
    /// Whether a packet may hold one field of a picture only.
    private(set) var mayHoldSingleFields = false
    /// Packets whose parts are longer than they are.
    private(set) var brokenPacketCount = 0
    /// Whether parameter sets or tables change in the course of the stream.
    private(set) var hasChangingHeaders = false
    private var knownHeaders: UInt64?
    private var frameNumbers: H264FrameNumbers?
    let stream: StreamFacts
    let geometry: PictureGeometry

    init(of source: SourceFile, limits: MediaLimits) throws(MediaError) {
        let demuxer = try Demuxer(opening: source, limits: limits)
        self.stream = demuxer.streamFacts
        self.geometry = try demuxer.geometry(limits: limits)
        let inspector = demuxer.makePacketInspector()
        self.frameNumbers = demuxer.makeFrameNumbers()
        var joiner = TimeJoiner(timeBase: self.stream.timeBase, clockBitCount: self.stream.clockBitCount)
        var lastIsCutShort = false
        self.mayHoldSingleFields = self.stream.mayHoldSingleFields ?? false
        let parser = self.stream.mayHoldSingleFields == nil ? try PictureParser.open(for: demuxer) : nil
        let packet = try Packet()
        while try demuxer.read(into: packet) {
            if !self.mayHoldSingleFields, parser?.parse(packet).field != nil { self.mayHoldSingleFields = true }
            self.append(packet, inspector, shift: joiner.shift(for: packet.decodeTime, lasting: packet.duration))
            lastIsCutShort = packet.isCorrupt
        }
        if lastIsCutShort, !inspector.showsCutPackets { self.entries.dropLastPicture() }
    }

    private mutating func append(_ packet: borrowing Packet, _ inspector: any PacketInspector, shift: Int64) {
        let isKeyframe = packet.isKeyframe
        let traits = packet.withBytes { inspector.traits(of: $0, isKeyframe: isKeyframe) }
        let isWhole = packet.withBytes(inspector.isWhole)
        if !isWhole { self.brokenPacketCount += 1 }
        if isWhole { self.note(traits.headers) }
        let followsLast = packet.withBytes { self.frameNumbers?.continues(with: $0) } ?? true
        if packet.hasNewHeaders { self.hasChangingHeaders = true }
        // A decoder that starts later has seen the first headers only, or those of the packet itself.
        if let access = traits.randomAccess, !self.hasChangingHeaders || traits.headers != nil || packet.hasNewHeaders {
            self.starts.append(
                Start(
                    ordinal: Int32(self.entries.count), access: access,
                    settlingPictures: inspector.settlingPictures(after: access), filePosition: packet.filePosition,
                    presentationTime: packet.presentationTime, decodeTime: packet.decodeTime))
        }
        self.entries.append(
            ScannedPackets.Entry(
                presentationTime: packet.presentationTime.map { $0 &+ shift },
                decodeTime: packet.decodeTime.map { $0 &+ shift },
                mark: packet.mark,
                carriesPicture: traits.carriesPicture && !packet.isNeverShown,
                isSkippedAfterRandomAccess: traits.isSkippedAfterRandomAccess,
                isCorrupt: packet.isCorrupt || !isWhole,
                isDiscontinuous: !followsLast,
                // What follows needs the headers, if not the picture.
                disposableLayer: traits.headers == nil ? traits.disposableLayer : nil))
    }

    private mutating func note(_ headers: UInt64?) {
        guard let headers else { return }
        if let known = self.knownHeaders, known != headers { self.hasChangingHeaders = true }
        self.knownHeaders = self.knownHeaders ?? headers
    }
}
