import TestSupport

/// An H.264 stream whose frames are pairs of fields, each field a coded picture of its own, as in broadcasts. No
/// encoder at hand writes such pairs, so this one does, in its plainest form: every macroblock is raw samples (ITU-T
/// H.264 clauses 7.3 and I_PCM in table 7-11).
///
/// Pictures have 160×32 pixels and show their number as those of ``NumberedVideo`` do, in both fields.
struct FieldStream {
    /// Frames from one instantaneous refresh to the next. Every other one is disposable.
    static let groupLength = 10

    private enum UnitType: UInt8 {
        case slice = 1
        case refresh = 5
        case sequenceParameters = 7
        case pictureParameters = 8
        case delimiter = 9
    }

    let frameCount: Int

    /// The stream with start codes, 30 frames a second.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for number in 0..<self.frameCount {
            for isBottom in [false, true] {
                bytes += Self.unit(.delimiter, isReference: false, BitWriter { $0.put(7, bits: 3) })
                if number % Self.groupLength == 0, !isBottom { bytes += Self.parameters }
                bytes += Self.field(of: number, isBottom: isBottom)
            }
        }
        return bytes
    }

    private static func field(of number: Int, isBottom: Bool) -> [UInt8] {
        let place = number % self.groupLength
        let isRefresh = place == 0 && !isBottom
        let isReference = place % 2 == 0
        let content = BitWriter { bits in
            bits.putGolomb(0, 7, 0)  // first macroblock, slice of type I, picture parameters
            bits.put((place + 1) / 2, bits: 8)  // references before it
            bits.put(isBottom ? 3 : 2, bits: 2)  // a field; which one
            if isRefresh { bits.putGolomb(number / self.groupLength % 2) }
            bits.put(2 * place + (isBottom ? 1 : 0), bits: 8)  // picture order count
            if isReference { bits.put(0, bits: isRefresh ? 2 : 1) }
            bits.putGolomb(0, 1)  // quantizer, no deblocking
            for cell in 0..<NumberedVideo.cellCount {
                bits.putGolomb(25)  // I_PCM
                bits.align()
                bits.putBytes(number >> cell & 1 == 1 ? 235 : 16, count: 256)
                bits.putBytes(128, count: 128)
            }
        }
        return self.unit(isRefresh ? .refresh : .slice, isReference: isReference, content)
    }

    private static var parameters: [UInt8] {
        let sequence = BitWriter { bits in
            bits.putBytes(77, count: 1)  // Main profile
            bits.putBytes(0, count: 1)
            bits.putBytes(30, count: 1)  // level 3
            // Frame number and order count of 8 bits, one reference, 10 macroblocks across, 2 down in a frame.
            bits.putGolomb(0, 4, 0, 4, 1)
            bits.put(0, bits: 1)
            bits.putGolomb(9, 0)
            bits.put(0b0_0101, bits: 5)  // fields; no adaptive frames; direct inference; no cropping; usability follows
            bits.put(0b00001, bits: 5)  // timing alone
            bits.put(1, bits: 32)
            bits.put(60, bits: 32)  // fields a second
            bits.put(0b1000_11, bits: 6)  // constant rate, and limits follow
            bits.putGolomb(0, 0, 10, 10, 0, 1)  // nothing is reordered, one picture is kept
        }
        let picture = BitWriter { bits in
            bits.putGolomb(0, 0)
            bits.put(0, bits: 2)
            bits.putGolomb(0, 0, 0)
            bits.put(0, bits: 3)
            bits.putGolomb(0, 0, 0)
            bits.put(0b100, bits: 3)
        }
        return self.unit(.sequenceParameters, isReference: true, sequence)
            + self.unit(.pictureParameters, isReference: true, picture)
    }

    /// A unit behind its start code, with the bytes that keep its content from looking like one (clause 7.4.1).
    private static func unit(_ type: UnitType, isReference: Bool, _ content: BitWriter) -> [UInt8] {
        var bytes: [UInt8] = [0, 0, 0, 1, (isReference ? 0x20 : 0) | type.rawValue]
        var zeroCount = 0
        for byte in content.bytesWithStopBit {
            if zeroCount >= 2, byte <= 3 {
                bytes.append(3)
                zeroCount = 0
            }
            bytes.append(byte)
            zeroCount = byte == 0 ? zeroCount + 1 : 0
        }
        return bytes
    }
}

/// Bits in the order of writing, most significant first.
private struct BitWriter {
    private var bytes: [UInt8] = []
    private var bitCount = 0

    init(_ write: (inout BitWriter) -> Void) { write(&self) }

    mutating func put(_ value: Int, bits: Int) {
        for bit in (0..<bits).reversed() {
            if self.bitCount % 8 == 0 { self.bytes.append(0) }
            if value >> bit & 1 == 1 { self.bytes[self.bitCount / 8] |= 0x80 >> UInt8(self.bitCount % 8) }
            self.bitCount += 1
        }
    }

    /// Unsigned Exp-Golomb codes (clause 9.1).
    mutating func putGolomb(_ values: Int...) {
        for value in values {
            let length = Int.bitWidth - (value + 1).leadingZeroBitCount
            self.put(value + 1, bits: 2 * length - 1)
        }
    }

    mutating func align() { self.bitCount = self.bytes.count * 8 }

    /// Only where a byte begins.
    mutating func putBytes(_ byte: UInt8, count: Int) {
        self.bytes += repeatElement(byte, count: count)
        self.align()
    }

    var bytesWithStopBit: [UInt8] {
        var stopped = self
        stopped.put(1, bits: 1)
        return stopped.bytes
    }
}
