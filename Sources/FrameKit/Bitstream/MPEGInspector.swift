/// Reads picture headers of MPEG-1, MPEG-2 (ISO/IEC 13818-2 clause 6.2.3) and MPEG-4 part 2 (ISO/IEC 14496-2 clause
/// 6.2.5). No picture refers to a B picture there.
struct MPEGInspector: PacketInspector {
    enum Family: Sendable {
        case mpeg2
        case mpeg4
    }

    private enum Coding {
        case intra
        case predicted
        case bidirectional
    }

    /// What follows a start code (00 00 01).
    private enum StartCode {
        static let picture: UInt8 = 0x00
        static let sequence: UInt8 = 0xb3
        static let group: UInt8 = 0xb8
        static let objectPlane: UInt8 = 0xb6
    }

    let family: Family

    func traits(of bytes: Span<UInt8>, isKeyframe: Bool) -> PacketTraits {
        // A packet without any start code is a damaged picture.
        var traits = PacketTraits(carriesPicture: !bytes.isEmpty)
        var isClosed = false
        var headers: Digest?
        NALFraming.startCodes.forEachUnit(in: bytes) { unit in
            switch (self.family, bytes[unit.lowerBound]) {
            case (.mpeg2, StartCode.sequence):
                // Size, rates and quantisation tables (clause 6.2.2.1).
                headers = headers ?? Digest()
                headers?.add(bytes.extracting(unit))
                traits.carriesPicture = false
            case (.mpeg2, StartCode.group) where unit.count > 4:
                // After the start code: 25 bits of time, then the closed flag.
                isClosed = bytes[unit.lowerBound + 4] & 0x40 != 0
            case (.mpeg2, StartCode.picture) where unit.count > 2:
                traits = Self.traits(of: Self.codingOfMPEG2(bytes[unit.lowerBound + 2]), isClosed: isClosed)
                return false
            case (.mpeg4, StartCode.objectPlane) where unit.count > 1:
                traits = Self.traits(of: Self.codingOfMPEG4(bytes[unit.lowerBound + 1]), isClosed: isClosed)
                return false
            default: traits.carriesPicture = false
            }
            return true
        }
        if !isKeyframe { traits.randomAccess = nil }
        traits.headers = headers?.value
        return traits
    }

    private static func traits(of coding: Coding, isClosed: Bool) -> PacketTraits {
        switch coding {
        case .intra: PacketTraits(randomAccess: isClosed ? .closed : .open)
        case .predicted: PacketTraits()
        case .bidirectional: PacketTraits(disposableLayer: 0)
        }
    }

    /// - Parameter byte: holds the coding type in bits 5 … 3.
    private static func codingOfMPEG2(_ byte: UInt8) -> Coding {
        switch byte >> 3 & 7 {
        case 1: .intra
        case 3: .bidirectional
        default: .predicted
        }
    }

    /// - Parameter byte: holds the coding type in bits 7 and 6.
    private static func codingOfMPEG4(_ byte: UInt8) -> Coding {
        switch byte >> 6 {
        case 0: .intra
        case 2: .bidirectional
        default: .predicted
        }
    }
}
