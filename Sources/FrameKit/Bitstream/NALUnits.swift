/// The NAL units of an H.264 or HEVC packet: behind length fields in MP4 and Matroska, behind start codes elsewhere
/// (ITU-T H.264 annex B; ISO/IEC 14496-15).
enum NALFraming: Hashable, Sendable {
    case startCodes
    case lengths(byteCount: Int)

    /// Calls `body` with the range of each unit's bytes until it returns `false`.
    func forEachUnit(in bytes: Span<UInt8>, _ body: (Range<Int>) -> Bool) {
        switch self {
        case .lengths(let byteCount): Self.forEachUnit(in: bytes, lengthByteCount: byteCount, body)
        case .startCodes: Self.forEachUnitBehindStartCode(in: bytes, body)
        }
    }

    /// Whether no length field points beyond the packet.
    func fits(_ bytes: Span<UInt8>) -> Bool {
        guard case .lengths(let byteCount) = self else { return true }
        var start = 0
        while start + byteCount <= bytes.count { start += byteCount + Self.length(in: bytes, at: start, byteCount) }
        return start == bytes.count
    }

    private static func forEachUnit(in bytes: Span<UInt8>, lengthByteCount: Int, _ body: (Range<Int>) -> Bool) {
        var start = 0
        while start + lengthByteCount < bytes.count {
            let length = self.length(in: bytes, at: start, lengthByteCount)
            start += lengthByteCount
            let end = min(start + length, bytes.count)
            if start < end, !body(start..<end) { return }
            start = end
        }
    }

    private static func length(in bytes: Span<UInt8>, at start: Int, _ byteCount: Int) -> Int {
        var length = 0
        for index in start..<start + byteCount { length = length << 8 | Int(bytes[index]) }
        return length
    }

    private static func forEachUnitBehindStartCode(in bytes: Span<UInt8>, _ body: (Range<Int>) -> Bool) {
        var start = self.endOfStartCode(in: bytes, from: 0)
        while let unit = start, unit < bytes.count {
            let next = self.endOfStartCode(in: bytes, from: unit)
            let end = next.map { $0 - 3 } ?? bytes.count
            if unit < end, !body(unit..<end) { return }
            start = next
        }
    }

    /// The index after the next 00 00 01; `nil` when none follows.
    private static func endOfStartCode(in bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start + 2
        while index < bytes.count {
            // The third byte decides how far the next start code can be.
            if bytes[index] > 1 {
                index += 3
            } else if bytes[index] == 1, bytes[index - 1] == 0, bytes[index - 2] == 0 {
                return index + 1
            } else {
                index += 1
            }
        }
        return nil
    }
}
