import Testing

@testable import FrameKit

@Suite struct BitstreamTests {
    private static func digest(_ headers: [UInt8]) -> UInt64 {
        var digest = Digest()
        digest.add(headers.span)
        return digest.value
    }

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
        ([0, 0, 1, 0x67, 0x64], PacketTraits(carriesPicture: false, headers: Self.digest([0x67, 0x64]))),
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
        ([0, 0, 1, 0x42, 0x01, 0x01], PacketTraits(carriesPicture: false, headers: Self.digest([0x42, 1, 1]))),
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

    /// Baseline profile, frame numbers of 4 bits, no picture order counts; and picture parameters that use it.
    private static let parameters: [UInt8] = [0, 0, 1, 0x67, 66, 0, 10, 0b1101_1010, 0x10, 0, 0, 1, 0x68, 0b1100_0000]

    /// A reference slice, or another one, with a frame number below 16.
    private static func slice(_ number: UInt8, header: UInt8 = 0x41) -> [UInt8] {
        [0, 0, 1, header, 0b1110_0000 | number << 1, 0x80]
    }

    static let frameNumbers: [([[UInt8]], [Bool])] = [
        ([slice(0, header: 0x65), slice(1), slice(2)], [true, true, true]),
        // Pictures that nothing refers to share the number of the next reference.
        (
            [slice(0, header: 0x65), slice(1, header: 0x01), slice(1, header: 0x01), slice(1)],
            [true, true, true, true]
        ),
        // One is missing; what follows it continues from there.
        ([slice(0, header: 0x65), slice(1), slice(3), slice(4)], [true, true, false, true]),
        // Sixteen numbers, then again from 0. An IDR picture has number 0.
        ([slice(15), slice(0), slice(0, header: 0x65), slice(3, header: 0x65)], [true, true, true, false]),
    ]

    @Test(arguments: frameNumbers)
    func aJumpOfFrameNumbersTellsThatAPictureIsMissing(packets: [[UInt8]], follows: [Bool]) {
        var numbers = H264FrameNumbers(extradata: Self.parameters.span, framing: .startCodes)
        #expect(packets.map { numbers.continues(with: $0.span) } == follows)
    }

    @Test func aSliceOfUnknownParametersFollowsFromNothing() {
        var numbers = H264FrameNumbers(extradata: [UInt8]().span, framing: .startCodes)
        let follows = numbers.continues(with: Self.slice(0, header: 0x65).span)
        #expect(!follows)
    }

    @Test func bitsLeaveOutEmulationPrevention() {
        let bytes: [UInt8] = [0x67, 0, 0, 3, 1, 0b0010_1000]
        var bits = BitReader(bytes.span, unit: 0..<bytes.count)
        let values = [bits.number(24), bits.golomb(), bits.bit()]
        #expect(values == [1, 4, 0])
    }
}
