/// Gets the pictures at wanted positions of a timeline, decoding no more than they need.
///
/// The picture of a frame is the one that a decoder shows that started at the first packet of the stream, whatever was
/// asked for before. Two ways of decoding lead to it: ``SparseDecoding`` for what is intact, ``FullDecoding`` for what
/// is not. Which of them gives a picture depends on the stream and the wanted positions alone.
struct PictureReader: ~Copyable {
    private let source: SourceFile
    private let index: MediaIndex
    private let limits: MediaLimits
    private var sparse: SparseDecoding
    /// Opened at the first damage.
    private var full: FullDecoding?

    /// Packets. A damaged picture is decoded with at least as many before it, or all there are.
    private static let stretch = 10_000

    /// Packets that ``full`` has taken in.
    private var fullyDecodedCount = 0
    /// Packets that decoders have taken in: what all pictures so far have cost.
    var decodedPacketCount: Int { self.sparse.decodedPacketCount + self.fullyDecodedCount }

    init(reading source: SourceFile, by index: MediaIndex, limits: MediaLimits) throws(MediaError) {
        let pass = try DecodingPass(reading: source, by: index, limits: limits, isExact: false)
        self.init(source, index, limits, SparseDecoding(pass))
    }

    private init(
        _ source: SourceFile, _ index: MediaIndex, _ limits: MediaLimits, _ sparse: consuming SparseDecoding
    ) {
        self.source = source
        self.index = index
        self.limits = limits
        self.sparse = sparse
    }

    /// Calls `body` with what each wanted frame shows, in ascending order, until it returns `false`.
    ///
    /// - Parameter positions: ascending positions in the timeline.
    /// - Throws: ``MediaError/Code/unreadable`` when no picture of the video decodes.
    mutating func forEachFrame(
        at positions: ArraySlice<Int32>, _ body: (ShownFrame, borrowing Frame) throws(MediaError) -> Bool
    ) throws(MediaError) {
        let plan = DecodePlan(of: positions, in: self.index.packets)
        for (number, run) in plan.runs.enumerated() {
            let wanted = positions[run.positions]
            let isLast = number == plan.runs.count - 1
            let rest = try self.sparse.decode(run, wanting: wanted, isLast: isLast) {
                position, frame throws(MediaError) in
                try body(ShownFrame(position: position, picturePosition: position, isDamaged: false), frame)
            }
            guard let rest else { return }
            if !rest.isEmpty, try !self.decodeFully(rest, body) { return }
        }
    }

    private mutating func decodeFully(
        _ wanted: ArraySlice<Int32>, _ body: (ShownFrame, borrowing Frame) throws(MediaError) -> Bool
    ) throws(MediaError) -> Bool {
        var full =
            if let open = self.full.take() { open } else {
                FullDecoding(
                    try DecodingPass(reading: self.source, by: self.index, limits: self.limits, isExact: true))
            }
        for position in wanted.lazy.map({ Int($0) }) {
            let start = try self.exactStart(for: position)
            let wantsMore = try full.show(position, startingAt: start, body)
            self.fullyDecodedCount = full.decodedPacketCount
            guard let wantsMore else {
                throw MediaError(
                    .unreadable, "no frame of \(self.source.name) can be decoded", from: "avcodec_receive_frame")
            }
            if !wantsMore { return false }
        }
        self.full = consume full
        return true
    }

    /// Where decoding of a damaged stretch starts, as an index into the random access points; `nil` is the first
    /// packet.
    ///
    /// The first packet is the only start that needs no argument. In a long stream the last sound random access point
    /// far enough before the picture serves instead, so that a clip costs a few minutes of video and not hours.
    private mutating func exactStart(for position: Int) throws(MediaError) -> Int? {
        let packets = self.index.packets
        let cell = packets.ordinal(at: position) / Self.stretch - 1
        var candidate = cell > 0 ? packets.lastRandomAccessPoint(upTo: cell * Self.stretch) : nil
        while let start = candidate {
            if try self.sparse.isSound(start) { return start }
            candidate = start > 0 ? start - 1 : nil
        }
        return nil
    }
}
