/// Finds the hidden pictures of VP8 (RFC 6386 clause 9.1) and VP9 (bitstream specification 0.6 clause 6.2).
struct VPXInspector: PacketInspector {
    enum Family: Sendable {
        case vp8
        case vp9
    }

    let family: Family

    func traits(of bytes: Span<UInt8>, isKeyframe: Bool) -> PacketTraits {
        guard !bytes.isEmpty else { return PacketTraits(carriesPicture: false) }
        let isShown =
            switch self.family {
            case .vp8: bytes[0] & 0x10 != 0
            case .vp9: Self.showsVP9(bytes)
            }
        return PacketTraits(carriesPicture: isShown, randomAccess: isKeyframe ? .closed : nil)
    }

    private static func showsVP9(_ bytes: Span<UInt8>) -> Bool {
        // A superframe ends with its index and holds a shown picture by definition.
        if bytes[bytes.count - 1] & 0xe0 == 0xc0 { return true }
        let usesProfile3 = bytes[0] & 0x30 == 0x30
        let showsExisting: UInt8 = usesProfile3 ? 0x04 : 0x08
        let shows: UInt8 = usesProfile3 ? 0x01 : 0x02
        return bytes[0] & (showsExisting | shows) != 0
    }
}
