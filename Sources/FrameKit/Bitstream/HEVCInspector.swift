/// Reads NAL unit headers of HEVC (ITU-T H.265 clauses 7.3.1.2 and 7.4.2.2).
struct HEVCInspector: PacketInspector {
    private enum UnitType {
        /// Coded slices of every kind.
        static let slices: ClosedRange<UInt8> = 0...31
        /// Parameter sets, delimiters, filler, supplemental information.
        static let besidesPictures: ClosedRange<UInt8> = 32...40
        static let parameterSets: ClosedRange<UInt8> = 32...34
        /// Even numbers up to here are pictures to which their own temporal layer does not refer.
        static let lastSublayerNonReference: UInt8 = 14
        /// Leading pictures that refer to what lies before their random access point.
        static let skippedLeading: ClosedRange<UInt8> = 8...9
        static let randomAccess: ClosedRange<UInt8> = 16...21
        /// The one random access picture that need not start a new sequence.
        static let cleanRandomAccess: UInt8 = 21
    }

    let framing: NALFraming

    /// A unit that is shorter than its length field says is not decoded.
    var showsCutPackets: Bool { self.framing == .startCodes }

    /// - Parameter extradata: the container's `hvcC` box; anything else means start codes.
    init(extradata: Span<UInt8>) {
        let hasLengths = extradata.count > 22 && (extradata[0] != 0 || extradata[1] != 0 || extradata[2] > 1)
        self.framing = hasLengths ? .lengths(byteCount: Int(extradata[21] & 3) + 1) : .startCodes
    }

    func isWhole(_ bytes: Span<UInt8>) -> Bool { self.framing.fits(bytes) }

    func traits(of bytes: Span<UInt8>, isKeyframe: Bool) -> PacketTraits {
        // A packet without slices is a damaged picture, unless all its units are known to be something else.
        var traits = PacketTraits(carriesPicture: false)
        var hasUnits = false
        var headers: Digest?
        self.framing.forEachUnit(in: bytes) { unit in
            hasUnits = true
            guard unit.count > 2 else { return true }
            let type = bytes[unit.lowerBound] >> 1 & 0x3f
            if UnitType.parameterSets.contains(type) {
                headers = headers ?? Digest()
                headers?.add(bytes.extracting(unit))
            }
            let layer = (bytes[unit.lowerBound] & 1) << 5 | bytes[unit.lowerBound + 1] >> 3
            if !UnitType.besidesPictures.contains(type), layer == 0 { traits.carriesPicture = true }
            guard UnitType.slices.contains(type), layer == 0 else { return true }
            let isRandomAccess = UnitType.randomAccess.contains(type)
            traits.randomAccess = isRandomAccess ? .closed : nil
            traits.restartsOrder = isRandomAccess && type != UnitType.cleanRandomAccess
            traits.isSkippedAfterRandomAccess = UnitType.skippedLeading.contains(type)
            // The layer is coded as one more; 0 is forbidden, and found in damaged streams.
            let codedLayer = Int(bytes[unit.lowerBound + 1] & 7)
            if type <= UnitType.lastSublayerNonReference, type % 2 == 0, codedLayer > 0 {
                traits.disposableLayer = codedLayer - 1
            }
            return false
        }
        // Overwritten bytes, such as zeros, are not even units: the container's word counts.
        if !hasUnits { traits.carriesPicture = !bytes.isEmpty }
        traits.headers = headers?.value
        return traits
    }
}
