/// What a scan keeps of each packet, in the order of decoding: 19 bytes for each.
///
/// Packed in columns, since a video of ten hours has a million packets: a row of optionals takes twice the room, and
/// columns grow one after the other, so that only one of them is in memory twice while it moves.
struct ScannedPackets {
    /// One packet. Times are joined by a ``TimeJoiner``.
    struct Entry {
        var presentationTime: Int64?
        var decodeTime: Int64?
        /// A check sum of its content, to recognise it after a seek.
        var mark: UInt16
        var carriesPicture: Bool
        var isSkippedAfterRandomAccess: Bool
        var isCorrupt: Bool
        /// Whether a picture that others may refer to is missing before it, or its own header is wrong.
        var isDiscontinuous: Bool
        /// See ``PacketTraits/disposableLayer``.
        var disposableLayer: Int?
    }

    /// Five traits of a packet: four bits, and above them one more than the layer, or 0.
    private struct Traits {
        static let carriesPicture: UInt8 = 1
        static let isSkipped: UInt8 = 2
        static let isCorrupt: UInt8 = 4
        static let isDiscontinuous: UInt8 = 8
        static let layerShift = 4

        let bits: UInt8

        init(bits: UInt8) { self.bits = bits }

        init(of entry: Entry) {
            let layer = entry.disposableLayer.map { UInt8(truncatingIfNeeded: $0 + 1) << Self.layerShift } ?? 0
            self.bits =
                layer | (entry.carriesPicture ? Self.carriesPicture : 0)
                | (entry.isSkippedAfterRandomAccess ? Self.isSkipped : 0) | (entry.isCorrupt ? Self.isCorrupt : 0)
                | (entry.isDiscontinuous ? Self.isDiscontinuous : 0)
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
    private(set) var marks: [UInt16] = []
    private var traits: [UInt8] = []

    var count: Int { self.traits.count }
    var indices: Range<Int> { self.traits.indices }

    mutating func append(_ entry: Entry) {
        self.presentationTimes.append(entry.presentationTime ?? Self.noTime)
        self.decodeTimes.append(entry.decodeTime ?? Self.noTime)
        self.marks.append(entry.mark)
        self.traits.append(Traits(of: entry).bits)
    }

    /// Takes the picture away from the last packet.
    mutating func dropLastPicture() {
        guard let last = self.traits.indices.last else { return }
        self.traits[last] &= ~Traits.carriesPicture
    }

    subscript(ordinal: Int) -> Entry {
        let traits = Traits(bits: self.traits[ordinal])
        return Entry(
            presentationTime: Self.known(self.presentationTimes[ordinal]),
            decodeTime: Self.known(self.decodeTimes[ordinal]),
            mark: self.marks[ordinal],
            carriesPicture: traits.bits & Traits.carriesPicture != 0,
            isSkippedAfterRandomAccess: traits.bits & Traits.isSkipped != 0,
            isCorrupt: traits.bits & Traits.isCorrupt != 0,
            isDiscontinuous: traits.bits & Traits.isDiscontinuous != 0,
            disposableLayer: traits.disposableLayer)
    }

    private static func known(_ time: Int64) -> Int64? { time == self.noTime ? nil : time }
}
