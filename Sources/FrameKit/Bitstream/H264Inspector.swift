/// Reads NAL unit headers and recovery point messages of H.264 (ITU-T H.264 clauses 7.3.1 and D.1.8).
struct H264Inspector: PacketInspector {
    private enum UnitType {
        static let slices: ClosedRange<UInt8> = 1...5
        static let instantRefresh: UInt8 = 5
        static let supplementalInformation: UInt8 = 6
        /// Supplemental information, parameter sets, delimiters, filler.
        static let besidesPictures: ClosedRange<UInt8> = 6...15
        static let parameterSets: ClosedRange<UInt8> = 7...8
    }
    /// Reference pictures that a decoder keeps at most (ITU-T H.264 clause A.3.1).
    private static let mostReferences: Int16 = 16
    private static let recoveryPointMessage = 6

    let framing: NALFraming

    /// A unit that is shorter than its length field says is not decoded.
    var showsCutPackets: Bool { self.framing == .startCodes }

    /// - Parameter extradata: the container's `avcC` box; anything else means start codes.
    init(extradata: Span<UInt8>) {
        let hasLengths = extradata.count > 6 && extradata[0] == 1
        self.framing = hasLengths ? .lengths(byteCount: Int(extradata[4] & 3) + 1) : .startCodes
    }

    func isWhole(_ bytes: Span<UInt8>) -> Bool { self.framing.fits(bytes) }

    /// An IDR picture empties the decoder. After a recovery point, older pictures stay until as many new ones as fit
    /// have come, and error concealment may use them.
    func settlingPictures(after access: PacketTraits.RandomAccess) -> Int16 {
        access == .closed ? 1 : Self.mostReferences + 1
    }

    func traits(of bytes: Span<UInt8>, isKeyframe: Bool) -> PacketTraits {
        // A packet without slices is a damaged picture, unless all its units are known to be something else.
        var traits = PacketTraits(carriesPicture: false)
        var hasUnits = false
        var headers: Digest?
        self.framing.forEachUnit(in: bytes) { unit in
            hasUnits = true
            let type = bytes[unit.lowerBound] & 0x1f
            if UnitType.parameterSets.contains(type) {
                headers = headers ?? Digest()
                headers?.add(bytes.extracting(unit))
            }
            if type == UnitType.supplementalInformation {
                if Self.recoversAtOnce(bytes, message: unit.dropFirst()) { traits.randomAccess = .open }
            }
            if !UnitType.besidesPictures.contains(type) { traits.carriesPicture = true }
            guard UnitType.slices.contains(type) else { return true }
            // All slices of a picture agree on both, so the first one is enough.
            if type == UnitType.instantRefresh {
                traits.randomAccess = .closed
                traits.restartsOrder = true
            }
            if bytes[unit.lowerBound] & 0x60 == 0 { traits.disposableLayer = 0 }
            return false
        }
        // Overwritten bytes, such as zeros, are not even units: the container's word counts.
        if !hasUnits { traits.carriesPicture = !bytes.isEmpty }
        traits.headers = headers?.value
        return traits
    }

    /// Whether a recovery point message says that pictures are right from this one on. A count of frames above 0
    /// belongs to a gradual refresh, which is no place to start.
    private static func recoversAtOnce(_ bytes: Span<UInt8>, message unit: Range<Int>) -> Bool {
        var index = unit.lowerBound
        func readNumber() -> Int? {
            var number = 0
            while index < unit.upperBound {
                let byte = bytes[index]
                index += 1
                number += Int(byte)
                if byte != 0xff { return number }
            }
            return nil
        }
        while let type = readNumber(), let byteCount = readNumber(), index < unit.upperBound {
            // The count is an Exp-Golomb code, so a leading 1 bit is the number 0.
            if type == Self.recoveryPointMessage { return bytes[index] & 0x80 != 0 }
            index += byteCount
        }
        return false
    }
}
