/// What a scan keeps of each packet, in the order of decoding: 19 bytes for each.
///
/// Packed in columns, since a video of ten hours has a million packets: a row of optionals takes twice the room, and
/// columns grow one after the other, so that only one of them is in memory twice while it moves.
struct ScannedPackets {
    /// One packet. Times are joined by a ``TimeJoiner``.
    struct Entry {
        var presentationTime: Int64?
        var decodeTime: Int64?
        /// The low 16 bits of its size, to recognise it after a seek.
        var sizeMark: UInt16
        var carriesPicture: Bool
        var isSkippedAfterRandomAccess: Bool
        /// See ``PacketTraits/disposableLayer``.
        var disposableLayer: Int?
    }

    /// Three traits of a packet: two bits, and above them one more than the layer, or 0.
    private struct Marks {
        static let carriesPicture: UInt8 = 1
        static let isSkipped: UInt8 = 2
        static let layerShift = 2

        let bits: UInt8

        init(bits: UInt8) { self.bits = bits }

        init(of entry: Entry) {
            let layer = entry.disposableLayer.map { UInt8(truncatingIfNeeded: $0 + 1) << Self.layerShift } ?? 0
            self.bits =
                layer | (entry.carriesPicture ? Self.carriesPicture : 0)
                | (entry.isSkippedAfterRandomAccess ? Self.isSkipped : 0)
        }

        var disposableLayer: Int? {
            let layer = Int(self.bits >> Self.layerShift) - 1
            return layer < 0 ? nil : layer
        }
    }

    /// Stands for a missing time, as FFmpeg's own value for it does.
    private static let noTime = Int64.min

    private var presentationTimes: [Int64] = []
    private var decodeTimes: [Int64] = []
    private(set) var sizeMarks: [UInt16] = []
    private var marks: [UInt8] = []

    var count: Int { self.marks.count }
    var indices: Range<Int> { self.marks.indices }

    mutating func append(_ entry: Entry) {
        self.presentationTimes.append(entry.presentationTime ?? Self.noTime)
        self.decodeTimes.append(entry.decodeTime ?? Self.noTime)
        self.sizeMarks.append(entry.sizeMark)
        self.marks.append(Marks(of: entry).bits)
    }

    /// Takes the picture away from the last packet.
    mutating func dropLastPicture() {
        guard let last = self.marks.indices.last else { return }
        self.marks[last] &= ~Marks.carriesPicture
    }

    subscript(ordinal: Int) -> Entry {
        let marks = Marks(bits: self.marks[ordinal])
        return Entry(
            presentationTime: Self.known(self.presentationTimes[ordinal]),
            decodeTime: Self.known(self.decodeTimes[ordinal]),
            sizeMark: self.sizeMarks[ordinal],
            carriesPicture: marks.bits & Marks.carriesPicture != 0,
            isSkippedAfterRandomAccess: marks.bits & Marks.isSkipped != 0,
            disposableLayer: marks.disposableLayer)
    }

    private static func known(_ time: Int64) -> Int64? { time == self.noTime ? nil : time }
}
