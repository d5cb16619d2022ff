import Domain

/// The packets of the primary stream in the order of decoding, packed: 11 bytes for each, 48 for each random access
/// point.
struct PacketTable: Sendable {
    /// For each packet the position in the timeline of its picture; ``noPosition`` when it carries none.
    private let positions: [Int32]
    /// For each position in the timeline its packet.
    private let ordinals: [Int32]
    /// For each packet a check sum of its content, to recognise it after a seek.
    let marks: [UInt16]
    private let traits: [Traits]
    let randomAccessPoints: [RandomAccessPoint]
    /// Whether parameter sets or tables change in the course of the stream: a decoder then depends on which of them it
    /// has seen.
    let hasChangingHeaders: Bool

    private struct Traits: OptionSet {
        let rawValue: UInt8
        static let isDisposable = Traits(rawValue: 1)
        static let isCorrupt = Traits(rawValue: 2)
        static let isDiscontinuous = Traits(rawValue: 4)
    }

    /// Packed instead of an optional, which would take twice the room.
    private static let noPosition: Int32 = -1

    init(scan: PacketScan, order: PresentationOrder) {
        self.positions = order.positions.map { $0 ?? Self.noPosition }
        self.ordinals = order.ordinals
        self.marks = scan.entries.marks
        self.hasChangingHeaders = scan.hasChangingHeaders
        // Pictures of a temporal layer below the highest serve the layers above.
        let highestLayer = scan.entries.indices.lazy.compactMap { scan.entries[$0].disposableLayer }.max()
        self.traits = scan.entries.indices.map { ordinal in
            let entry = scan.entries[ordinal]
            // What a damaged packet says of itself cannot be trusted, and a decoder may do anything with it.
            let isTrusted = !entry.isCorrupt && !entry.isDiscontinuous
            let isDisposable = entry.disposableLayer != nil && entry.disposableLayer == highestLayer && isTrusted
            return [
                isDisposable ? .isDisposable : [], entry.isCorrupt ? .isCorrupt : [],
                entry.isDiscontinuous ? .isDiscontinuous : [],
            ]
        }
        self.randomAccessPoints = scan.starts.map { start in
            RandomAccessPoint(
                ordinal: start.ordinal,
                position: order.firstPosition(notBefore: Int(start.ordinal), in: scan),
                settlingPictures: start.settlingPictures,
                filePosition: start.filePosition,
                presentationTime: start.presentationTime,
                decodeTime: start.decodeTime)
        }
    }

    var count: Int { self.positions.count }

    /// Frames in the timeline.
    var frameCount: Int { self.ordinals.count }

    /// The position in the timeline of the picture in the packet `ordinal`; `nil` when it carries none that is shown.
    func position(of ordinal: Int) -> Int? {
        let position = self.positions[ordinal]
        return position == Self.noPosition ? nil : Int(position)
    }

    /// The packet that carries the picture at `position`.
    func ordinal(at position: Int) -> Int { Int(self.ordinals[position]) }

    /// The last packet that the picture at `position` needs: one without a picture of its own that follows may hold
    /// its second field.
    func lastOrdinal(at position: Int) -> Int {
        let next = self.ordinal(at: position) + 1
        return next < self.count && self.position(of: next) == nil ? next : next - 1
    }

    /// Whether no other picture needs this one.
    func isDisposable(_ ordinal: Int) -> Bool { self.traits[ordinal].contains(.isDisposable) }

    /// Whether the container or the packet itself says that bytes are missing or wrong.
    func isCorrupt(_ ordinal: Int) -> Bool { self.traits[ordinal].contains(.isCorrupt) }

    /// Whether a picture that others may refer to is missing before it, or its own header is wrong.
    func isDiscontinuous(_ ordinal: Int) -> Bool { self.traits[ordinal].contains(.isDiscontinuous) }

    /// The last packet that must decode so that nothing after it refers to what lies before a random access point.
    ///
    /// - Parameter start: an index into ``randomAccessPoints``.
    func lastOrdinal(settling start: Int) -> Int {
        let point = self.randomAccessPoints[start]
        var ordinal = Int(point.ordinal)
        var count = 0
        while true {
            if let position = self.position(of: ordinal), !self.isDisposable(ordinal) {
                count += 1
                if count >= point.settlingPictures { return self.lastOrdinal(at: position) }
            }
            guard ordinal + 1 < self.count else { return ordinal }
            ordinal += 1
        }
    }

    /// The last random access point from which the picture at `position` comes out right, as an index into
    /// ``randomAccessPoints``; `nil` when only a start from the first packet will do.
    func randomAccessPoint(for position: Int) -> Int? {
        // The last one at or before the picture in the order of decoding, and of showing: a picture that leads its
        // access point refers to what lies before that.
        self.randomAccessPoints(upTo: self.ordinal(at: position)).lastIndex { $0.position <= position }
    }

    /// The last random access point at or before a packet in the order of decoding, as an index into
    /// ``randomAccessPoints``.
    func lastRandomAccessPoint(upTo ordinal: Int) -> Int? { self.randomAccessPoints(upTo: ordinal).indices.last }

    /// The random access points at or before a packet in the order of decoding.
    private func randomAccessPoints(upTo ordinal: Int) -> ArraySlice<RandomAccessPoint> {
        var low = 0
        var high = self.randomAccessPoints.count
        while low < high {
            let middle = (low + high) / 2
            if self.randomAccessPoints[middle].ordinal <= ordinal { low = middle + 1 } else { high = middle }
        }
        return self.randomAccessPoints[..<low]
    }
}

/// A packet at which decoding can start.
struct RandomAccessPoint: Hashable, Sendable {
    let ordinal: Int32
    /// The first position in the timeline that comes out right.
    let position: Int32
    /// How many pictures to which others refer must decode, this one included, until nothing refers to what lies
    /// before.
    let settlingPictures: Int16
    let filePosition: Int64?
    let presentationTime: Int64?
    let decodeTime: Int64?
}

extension PresentationOrder {
    /// The position of the picture in packet `ordinal`, or of the first one shown after its time when it is not shown.
    fileprivate func firstPosition(notBefore ordinal: Int, in scan: PacketScan) -> Int32 {
        if let position = self.positions[ordinal] { return position }
        guard let time = scan.entries[ordinal].presentationTime else { return 0 }
        var low = 0
        var high = self.timeline.ticks.count
        while low < high {
            let middle = (low + high) / 2
            if self.timeline.ticks[middle] < time { low = middle + 1 } else { high = middle }
        }
        return Int32(low)
    }
}
