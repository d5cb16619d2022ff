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

    let family: Family

    func traits(of bytes: Span<UInt8>, isKeyframe: Bool) -> PacketTraits {
        guard let coding = self.coding(of: bytes) else {
            return PacketTraits(carriesPicture: false)
        }
        return PacketTraits(
            isRandomAccessPoint: isKeyframe && coding == .intra,
            disposableLayer: coding == .bidirectional ? 0 : nil)
    }

    /// The coding of the first picture; `nil` when there is none.
    private func coding(of bytes: Span<UInt8>) -> Coding? {
        let pictureCode: UInt8 = self.family == .mpeg2 ? 0x00 : 0xb6
        var index = 0
        while index + 5 < bytes.count {
            guard bytes[index] == 0, bytes[index + 1] == 0, bytes[index + 2] == 1, bytes[index + 3] == pictureCode
            else {
                index += 1
                continue
            }
            switch self.family {
            case .mpeg2:
                return Self.coding([.predicted, .intra, .predicted, .bidirectional], bytes[index + 5] >> 3 & 7)
            case .mpeg4: return Self.coding([.intra, .predicted, .bidirectional, .predicted], bytes[index + 4] >> 6)
            }
        }
        return nil
    }

    private static func coding(_ codings: [Coding], _ code: UInt8) -> Coding {
        Int(code) < codings.count ? codings[Int(code)] : .predicted
    }
}
