internal import CFFmpeg
import Annotation

/// One pass over the packets of the primary stream, in the order of decoding.
struct PacketScan {
    /// What is kept of a packet while the index is made.
    struct Entry {
        var presentationTime: Int64?
        var decodeTime: Int64?
        /// The low 16 bits of its size, to recognise it after a seek.
        var sizeMark: UInt16
        var carriesPicture: Bool
        var isSkippedAfterRandomAccess: Bool
        /// See ``PacketTraits/disposableLayer``.
        var disposableLayer: UInt8?
    }

    /// A packet at which decoding can start.
    struct Start {
        let ordinal: Int32
        let filePosition: Int64?
    }

    private(set) var entries: [Entry] = []
    private(set) var starts: [Start] = []
    /// Whether B pictures are told apart by ``Entry/disposableLayer`` and shown before the picture that precedes them.
    let reordersByCoding: Bool
    let timeBase: Rational
    /// Frames per second that the stream declares; for streams that carry no times at all.
    let declaredFrameRate: Rational
    let geometry: PictureGeometry

    init(of source: SourceFile, limits: MediaLimits) throws(MediaError) {
        let demuxer = try Demuxer(opening: source, limits: limits)
        self.timeBase = demuxer.timeBase
        self.declaredFrameRate = demuxer.declaredFrameRate
        self.geometry = try demuxer.geometry(limits: limits)
        let inspector = demuxer.makePacketInspector()
        self.reordersByCoding = inspector is MPEGInspector
        let packet = try Packet()
        while try demuxer.read(into: packet) { self.append(packet, inspector) }
    }

    private mutating func append(_ packet: borrowing Packet, _ inspector: any PacketInspector) {
        let isKeyframe = packet.isKeyframe
        let traits = packet.withBytes { inspector.traits(of: $0, isKeyframe: isKeyframe) }
        if traits.isRandomAccessPoint {
            self.starts.append(Start(ordinal: Int32(self.entries.count), filePosition: packet.filePosition))
        }
        self.entries.append(
            Entry(
                presentationTime: packet.presentationTime,
                decodeTime: packet.decodeTime,
                sizeMark: UInt16(truncatingIfNeeded: packet.byteCount),
                carriesPicture: traits.carriesPicture && !packet.isNeverShown,
                isSkippedAfterRandomAccess: traits.isSkippedAfterRandomAccess,
                disposableLayer: traits.disposableLayer.map { UInt8($0) }))
    }
}

extension Demuxer {
    fileprivate var declaredFrameRate: Rational {
        unsafe self.withStream { stream in
            let rates = unsafe [stream.pointee.avg_frame_rate, stream.pointee.r_frame_rate]
            let rate = rates.first { $0.num > 0 && $0.den > 0 } ?? AVRational(num: 25, den: 1)
            return Rational(Int64(rate.num), Int64(rate.den))
        }
    }
}
