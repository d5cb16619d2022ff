import Testing

@testable import FrameKit

@Suite struct BitstreamTests {
    static let h264: [([UInt8], PacketTraits)] = [
        // IDR slice
        ([0, 0, 1, 0x65, 0x88], PacketTraits(randomAccess: .closed, restartsOrder: true)),
        // Slices with and without reference
        ([0, 0, 1, 0x41, 0x9a], PacketTraits()),
        ([0, 0, 0, 1, 0x09, 0x10, 0, 0, 1, 0x01, 0x9a], PacketTraits(disposableLayer: 0)),
        // Recovery points: at once, and after one frame
        ([0, 0, 1, 0x06, 6, 1, 0xc4, 0, 0, 1, 0x41, 0x9a], PacketTraits(randomAccess: .open)),
        ([0, 0, 1, 0x06, 6, 1, 0x50, 0, 0, 1, 0x41, 0x9a], PacketTraits()),
        // A parameter set alone; bytes that are no H.264
        ([0, 0, 1, 0x67, 0x64], PacketTraits(carriesPicture: false)),
        ([0, 0, 1, 0xff, 0xff], PacketTraits()),
    ]

    @Test(arguments: h264)
    func headersOfH264TellWhatAPacketIs(bytes: [UInt8], traits: PacketTraits) {
        let inspector = H264Inspector(extradata: [UInt8]().span)
        #expect(inspector.traits(of: bytes.span, isKeyframe: false) == traits)
    }

    static let hevc: [([UInt8], PacketTraits)] = [
        ([0, 0, 1, 0x28, 0x01, 0xaf], PacketTraits(randomAccess: .closed, restartsOrder: true)),
        ([0, 0, 1, 0x2a, 0x01, 0xaf], PacketTraits(randomAccess: .closed)),
        ([0, 0, 1, 0x02, 0x01, 0xd0], PacketTraits()),
        ([0, 0, 1, 0x00, 0x02, 0xd0], PacketTraits(disposableLayer: 1)),
        ([0, 0, 1, 0x12, 0x01, 0xd0], PacketTraits(isSkippedAfterRandomAccess: true)),
        ([0, 0, 1, 0x42, 0x01, 0x01], PacketTraits(carriesPicture: false)),
    ]

    @Test(arguments: hevc)
    func headersOfHEVCTellWhatAPacketIs(bytes: [UInt8], traits: PacketTraits) {
        let inspector = HEVCInspector(extradata: [UInt8]().span)
        #expect(inspector.traits(of: bytes.span, isKeyframe: false) == traits)
    }

    static let vpx: [(VPXInspector.Family, [UInt8], Bool)] = [
        (.vp8, [0x11, 0], true), (.vp8, [0x01, 0], false),
        (.vp9, [0x82, 0], true), (.vp9, [0x80, 0], false), (.vp9, [0x88, 0], true), (.vp9, [0x80, 0xc9], true),
    ]

    @Test(arguments: vpx)
    func hiddenPicturesAreNone(family: VPXInspector.Family, bytes: [UInt8], isShown: Bool) {
        let traits = VPXInspector(family: family).traits(of: bytes.span, isKeyframe: false)
        #expect(traits.carriesPicture == isShown)
    }

    static let lengths: [([UInt8], Bool)] = [
        ([0, 2, 7, 8, 0, 1, 9], true), ([], true), ([0, 0, 0, 1, 9], true),
        ([0, 2, 7, 8, 0, 9, 5], false), ([0, 2, 7], false), ([0, 1, 7, 0], false), ([0xff, 0xff, 7], false),
    ]

    @Test(arguments: lengths)
    func unitsThatDoNotFillThePacketAreDamage(bytes: [UInt8], fits: Bool) {
        #expect(NALFraming.lengths(byteCount: 2).fits(bytes.span) == fits)
    }

    @Test func unitsBehindLengthsEndWithThePacket() {
        let bytes: [UInt8] = [0, 2, 7, 8, 0, 1, 9, 0, 9, 5]
        var units: [Range<Int>] = []
        NALFraming.lengths(byteCount: 2).forEachUnit(in: bytes.span) { unit in
            units.append(unit)
            return true
        }
        #expect(units == [2..<4, 6..<7, 9..<10])
    }
}
