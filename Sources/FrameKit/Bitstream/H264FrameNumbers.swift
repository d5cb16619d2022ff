/// Follows the frame numbers of H.264 (ITU-T H.264 clause 7.4.3, `frame_num`): a jump says that a picture to which
/// others may refer is missing or that a slice header is wrong, which no decoder reports with the picture.
struct H264FrameNumbers {
    fileprivate struct SequenceParameters {
        let numberBitCount: Int
        let mayJump: Bool
        let hasSeparatePlanes: Bool
    }

    private enum UnitType {
        static let slices: Set<UInt8> = [1, 2, 5]
        static let instantRefresh: UInt8 = 5
        static let sequenceParameters: UInt8 = 7
        static let pictureParameters: UInt8 = 8
    }

    private let framing: NALFraming
    /// By their ids.
    private var sequences: [Int: SequenceParameters] = [:]
    /// The sequence parameters that picture parameters refer to.
    private var sequenceIDs: [Int: Int] = [:]
    /// The number of the last picture to which others may refer.
    private var last: Int?

    /// - Parameter extradata: the container's `avcC` box (ISO/IEC 14496-15 clause 5.3.3.1), or units behind start
    ///   codes.
    init(extradata: Span<UInt8>, framing: NALFraming) {
        self.framing = framing
        if case .startCodes = framing {
            self.readParameters(of: extradata)
        } else {
            self.readParameterBox(extradata)
        }
    }

    /// Whether the packet's number follows from those before it. Packets must come in the order of decoding.
    mutating func continues(with bytes: Span<UInt8>) -> Bool {
        var first: Range<Int>?
        self.framing.forEachUnit(in: bytes) { unit in
            let type = bytes[unit.lowerBound] & 0x1f
            if UnitType.slices.contains(type) { first = unit }
            if first == nil { self.readParameters(of: bytes, unit) }
            return first == nil
        }
        guard let slice = first else { return true }
        let header = bytes[slice.lowerBound]
        guard let (number, modulus, mayJump) = self.number(of: bytes, slice) else { return false }
        let isInstantRefresh = header & 0x1f == UnitType.instantRefresh
        let expected = self.last.map { [$0, ($0 + 1) % modulus].contains(number) } ?? true
        if header & 0x60 != 0 { self.last = number }
        return isInstantRefresh ? number == 0 : expected || mayJump
    }

    /// `nil` when the header refers to parameters that nobody has seen.
    private func number(
        of bytes: Span<UInt8>, _ slice: Range<Int>
    ) -> (number: Int, modulus: Int, mayJump: Bool)? {
        var bits = BitReader(bytes, unit: slice)
        guard bits.golomb() != nil, let type = bits.golomb(), type < 10, let picture = bits.golomb(),
            let sequence = self.sequenceIDs[picture].flatMap({ self.sequences[$0] })
        else { return nil }
        if sequence.hasSeparatePlanes { _ = bits.number(2) }
        return (bits.number(sequence.numberBitCount), 1 << sequence.numberBitCount, sequence.mayJump)
    }

    private mutating func readParameterBox(_ box: Span<UInt8>) {
        var index = 5
        for mask in [UInt8(0x1f), 0xff] where index < box.count {
            let count = Int(box[index] & mask)
            index += 1
            for _ in 0..<count where index + 2 <= box.count {
                let end = index + 2 + Int(box[index]) << 8 + Int(box[index + 1])
                if index + 2 < end, end <= box.count { self.readParameters(of: box, index + 2..<end) }
                index = end
            }
        }
    }

    private mutating func readParameters(of bytes: Span<UInt8>) {
        NALFraming.startCodes.forEachUnit(in: bytes) { unit in
            self.readParameters(of: bytes, unit)
            return true
        }
    }

    private mutating func readParameters(of bytes: Span<UInt8>, _ unit: Range<Int>) {
        var bits = BitReader(bytes, unit: unit)
        switch bytes[unit.lowerBound] & 0x1f {
        case UnitType.sequenceParameters:
            if let (id, parameters) = SequenceParameters.read(&bits) { self.sequences[id] = parameters }
        case UnitType.pictureParameters:
            if let id = bits.golomb(), let sequence = bits.golomb() { self.sequenceIDs[id] = sequence }
        default: break
        }
    }
}

extension H264FrameNumbers.SequenceParameters {
    /// Profiles whose parameter sets tell of colour formats and scaling (clause 7.3.2.1.1).
    private static let highProfiles: Set<Int> = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]

    /// Reads as far as `gaps_in_frame_num_value_allowed_flag` (clause 7.3.2.1.1).
    fileprivate static func read(_ bits: inout BitReader) -> (id: Int, H264FrameNumbers.SequenceParameters)? {
        let profile = bits.number(8)
        _ = bits.number(16)
        guard let id = bits.golomb() else { return nil }
        var hasSeparatePlanes = false
        if self.highProfiles.contains(profile) {
            guard let format = bits.golomb() else { return nil }
            if format == 3 { hasSeparatePlanes = bits.bit() == 1 }
            guard bits.golomb() != nil, bits.golomb() != nil else { return nil }
            _ = bits.bit()
            if bits.bit() == 1, !self.skipScaling(&bits, listCount: format == 3 ? 12 : 8) { return nil }
        }
        guard let extraBits = bits.golomb(), extraBits <= 12, self.skipOrder(&bits), bits.golomb() != nil else {
            return nil
        }
        return (id, Self(numberBitCount: extraBits + 4, mayJump: bits.bit() == 1, hasSeparatePlanes: hasSeparatePlanes))
    }

    /// Passes over how picture order counts are coded; `false` when it is no valid way.
    private static func skipOrder(_ bits: inout BitReader) -> Bool {
        switch bits.golomb() {
        case 0: return bits.golomb() != nil
        case 1:
            _ = bits.bit()
            guard bits.golomb() != nil, bits.golomb() != nil, let count = bits.golomb(), count < 256 else {
                return false
            }
            return (0..<count).allSatisfy { _ in bits.golomb() != nil }
        case 2: return true
        default: return false
        }
    }

    /// Passes over scaling lists (clause 7.3.2.1.1.1).
    private static func skipScaling(_ bits: inout BitReader, listCount: Int) -> Bool {
        for list in 0..<listCount where bits.bit() == 1 {
            var last = 8
            var next = 8
            for _ in 0..<(list < 6 ? 16 : 64) {
                if next != 0 {
                    guard let code = bits.golomb() else { return false }
                    let delta = code % 2 == 1 ? (code + 1) / 2 : -(code / 2)
                    next = (last + delta + 256) % 256
                }
                last = next == 0 ? last : next
            }
        }
        return true
    }
}
