/// What the compressed bytes of one packet say, without decoding them.
struct PacketTraits: Hashable, Sendable {
    enum RandomAccess {
        /// All that is decoded later comes out right, but for pictures with
        /// ``PacketTraits/isSkippedAfterRandomAccess``.
        case closed
        /// Pictures that are decoded later but shown earlier refer to what lies before.
        case open
    }

    /// Whether a picture comes out of it. Parameter sets alone, hidden pictures and second fields carry none.
    var carriesPicture = true
    /// Whether decoding can start here: everything shown from this picture on depends on nothing before it.
    var randomAccess: RandomAccess?
    /// Whether the picture order counts of H.264 and HEVC start anew here.
    var restartsOrder = false
    /// The temporal layer whose pictures do not refer to this one; `nil` when other pictures may refer to it.
    var disposableLayer: Int?
    /// Whether the standard forbids showing it when decoding started at the random access point before it.
    var isSkippedAfterRandomAccess = false
    /// A check sum of the parameter sets or sequence headers in the packet; `nil` when it has none.
    var headers: UInt64?
}

/// Reads the traits of one stream's packets.
protocol PacketInspector: Sendable {
    /// Whether decoders show what they can of a packet that the end of the file cuts short.
    var showsCutPackets: Bool { get }

    /// - Parameter isKeyframe: what the container says.
    func traits(of bytes: Span<UInt8>, isKeyframe: Bool) -> PacketTraits

    /// Whether the parts of a packet fit into it, where they say how long they are.
    func isWhole(_ bytes: Span<UInt8>) -> Bool

    /// How many pictures to which others refer must decode, the first one included, until nothing that a decoder does
    /// depends on what lies before.
    func settlingPictures(after access: PacketTraits.RandomAccess) -> Int16
}

extension PacketInspector {
    var showsCutPackets: Bool { true }

    func isWhole(_ bytes: Span<UInt8>) -> Bool { true }

    func settlingPictures(after access: PacketTraits.RandomAccess) -> Int16 { 1 }
}

/// For codecs whose packets are taken at the container's word.
struct OpaquePacketInspector: PacketInspector {
    func traits(of bytes: Span<UInt8>, isKeyframe: Bool) -> PacketTraits {
        PacketTraits(carriesPicture: !bytes.isEmpty, randomAccess: isKeyframe ? .closed : nil)
    }
}
