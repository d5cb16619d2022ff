import Annotation

/// The packets of the primary stream in the order of decoding, packed: 11 bytes for each, 40 for each random access
/// point.
struct PacketTable: Sendable {
    /// For each packet the position in the timeline of its picture; ``noPosition`` when it carries none.
    private let positions: [Int32]
    /// For each position in the timeline its packet.
    private let ordinals: [Int32]
    /// The low 16 bits of each packet's size, to recognise it after a seek.
    let sizeMarks: [UInt16]
    private let disposable: [Bool]
    let randomAccessPoints: [RandomAccessPoint]

    /// Packed instead of an optional, which would take twice the room.
    private static let noPosition: Int32 = -1

    init(scan: PacketScan, order: PresentationOrder) {
        self.positions = order.positions.map { $0 ?? Self.noPosition }
        self.ordinals = order.ordinals
        self.sizeMarks = scan.entries.sizeMarks
        // Pictures of a temporal layer below the highest serve the layers above.
        let highestLayer = scan.entries.indices.lazy.compactMap { scan.entries[$0].disposableLayer }.max()
        self.disposable = scan.entries.indices.map {
            highestLayer != nil && scan.entries[$0].disposableLayer == highestLayer
        }
        self.randomAccessPoints = scan.starts.map { start in
            RandomAccessPoint(
                ordinal: start.ordinal,
                position: order.firstPosition(notBefore: Int(start.ordinal), in: scan),
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

    /// The first position that comes out right when decoding starts where it must for the picture at `position`, or
    /// `count` random access points earlier.
    func firstPosition(decodedWith position: Int, startingEarlierBy count: Int) -> Int {
        guard let start = self.randomAccessPoint(for: position), start >= count else { return 0 }
        return min(position, Int(self.randomAccessPoints[start - count].position))
    }

    /// Whether no other picture needs this one.
    func isDisposable(_ ordinal: Int) -> Bool { self.disposable[ordinal] }

    /// The last random access point from which the picture at `position` comes out right, as an index into
    /// ``randomAccessPoints``; `nil` when only a start from the first packet will do.
    func randomAccessPoint(for position: Int) -> Int? {
        // The last one at or before the picture in the order of decoding, and of showing: a picture that leads its
        // access point refers to what lies before that.
        self.randomAccessPoints(upTo: self.ordinal(at: position)).lastIndex { $0.position <= position }
    }

    func isRandomAccessPoint(_ ordinal: Int) -> Bool {
        self.randomAccessPoints(upTo: ordinal).last.map { Int($0.ordinal) } == ordinal
    }

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
