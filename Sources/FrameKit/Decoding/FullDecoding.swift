/// Decodes every packet from a start on, and so shows what a decoder shows that started at the first packet of the
/// stream, damaged pictures included.
///
/// Error concealment looks at earlier pictures, and at whatever their memory held before. So the start of a frame is
/// fixed by the stream, the decoder there is a new one, and nothing is left out.
struct FullDecoding: ~Copyable {
    /// How many later pictures may come out before one that is still awaited counts as missing. Where the order that is
    /// coded in damaged pictures contradicts their times, a decoder gives them out late.
    private static let patience = 8

    private var pass: DecodingPass
    /// Pictures that came out and are shown at or after the frame that is wanted next.
    private var held: [HeldPicture] = []
    /// The last picture before those.
    private var previous: HeldPicture?
    /// Where the pass started: an index into the random access points.
    private var start: Start = .none
    private var isAtEnd = false

    private enum Start: Hashable {
        case none
        case at(Int?)
    }

    var decodedPacketCount: Int { self.pass.decodedPacketCount }

    init(_ pass: consuming DecodingPass) { self.pass = pass }

    /// Calls `body` with what the frame at `position` shows: its own picture, else the last one before it, else the
    /// first one after it.
    ///
    /// Going on from an earlier position costs the least.
    ///
    /// - Parameter start: an index into the random access points; `nil` is the first packet.
    /// - Returns: what `body` returns; `nil` when there is no picture at all.
    mutating func show(
        _ position: Int, startingAt start: Int?,
        _ body: (ShownFrame, borrowing Frame) throws(MediaError) -> Bool
    ) throws(MediaError) -> Bool? {
        if self.start != .at(start) || self.hasPassed(position) { try self.begin(at: start) }
        self.dropPictures(before: position)
        while self.isAwaited(position) {
            switch try self.pass.next(through: .max, skipping: { _ in false }) {
            case .picture(let found, let isDamaged):
                self.hold(HeldPicture(found, isDamaged, try self.pass.frame.share()))
            case .starved, .finished: self.isAtEnd = true
            case .misled: try self.begin(at: start)
            }
            self.dropPictures(before: position)
        }
        guard let picture = self.picture(for: position) else { return nil }
        let shown = ShownFrame(
            position: position, picturePosition: picture.position,
            isDamaged: picture.isDamaged || picture.position != position)
        return try body(shown, picture.frame)
    }

    private func hasPassed(_ position: Int) -> Bool { self.previous.map { $0.position >= position } ?? false }

    private mutating func begin(at start: Int?) throws(MediaError) {
        try self.pass.start(at: start)
        self.start = .at(start)
        self.isAtEnd = false
        self.held.removeAll()
        self.previous = nil
    }

    private func isAwaited(_ position: Int) -> Bool {
        guard !self.isAtEnd, self.held.first?.position != position else { return false }
        // Without any picture before it, the first one after it will do, and nobody can have shown another.
        return self.held.count < (self.previous == nil ? 1 : Self.patience)
    }

    private func picture(for position: Int) -> HeldPicture? {
        if let own = self.held.first, own.position == position { return own }
        return self.previous ?? self.held.first
    }

    /// Adds a picture, in the order of positions.
    private mutating func hold(_ picture: HeldPicture) {
        let place = self.held.firstIndex { $0.position >= picture.position } ?? self.held.endIndex
        self.held.insert(picture, at: place)
    }

    /// Keeps the last picture before `position` only.
    private mutating func dropPictures(before position: Int) {
        while let first = self.held.first, first.position < position {
            if first.position >= self.previous?.position ?? 0 { self.previous = first }
            self.held.removeFirst()
        }
    }
}

/// What a wanted frame shows.
struct ShownFrame: Hashable {
    let position: Int
    /// The position of the picture that it shows: its own, or that of another one when it has none.
    let picturePosition: Int
    /// Whether it shows another frame's picture, or one of which the decoder had to guess a part.
    let isDamaged: Bool
}

/// A picture that waits for its turn. Used on the decoder's thread only.
private final class HeldPicture {
    let position: Int
    let isDamaged: Bool
    let frame: Frame

    init(_ position: Int, _ isDamaged: Bool, _ frame: consuming Frame) {
        self.position = position
        self.isDamaged = isDamaged
        self.frame = frame
    }
}
