/// A picture that frames around it show because they do not decode themselves.
struct StandIn: ~Copyable {
    let picture: Frame
    /// Frames that show it when neither they nor those that follow them in their clip decode.
    let positions: ClosedRange<Int>
}

extension PictureReader {
    /// Lends what frames at `positions` show when none of them decodes: the last picture before them, else the first
    /// one after them. Calls nothing when the video has no picture at all.
    ///
    /// What was found is kept, so that clips which follow each other through a damaged stretch search it once.
    mutating func withStandIn(
        for positions: ArraySlice<Int32>, _ body: (borrowing Frame) throws(MediaError) -> Void
    ) throws(MediaError) {
        guard let position = positions.first.map({ Int($0) }) else { return }
        if let found = try self.standIn(for: position) {
            try body(found.picture)
            self.standIn = consume found
        }
    }

    private mutating func standIn(for position: Int) throws(MediaError) -> StandIn? {
        var searched = 0
        if let known = self.standIn.take(), known.positions.lowerBound <= position {
            if known.positions.contains(position) { return known }
            searched = known.positions.upperBound
            if let found = try self.lastPicture(in: searched..<position) { return found }
            return StandIn(picture: try known.picture.share(), positions: known.positions.lowerBound...position)
        }
        if let found = try self.lastPicture(in: searched..<position) { return found }
        return try self.firstPicture(from: position)
    }

    /// The last picture that decodes in `range`, for the frames up to its end.
    private mutating func lastPicture(in range: Range<Int>) throws(MediaError) -> StandIn? {
        var found: StandIn?
        var end = range.upperBound
        var distance = 0
        // Backwards, by twice as many random access points each time.
        while found == nil, end > range.lowerBound {
            let start = self.packets.firstPosition(decodedWith: end - 1, startingEarlierBy: distance)
            let window = max(start, range.lowerBound)..<end
            try self.forEachPicture(at: window.map { Int32($0) }[...]) { position, picture throws(MediaError) in
                found = StandIn(picture: try picture.share(), positions: position + 1...range.upperBound)
                return true
            }
            end = window.lowerBound
            distance = distance * 2 + 1
        }
        return found
    }

    /// The first picture that decodes from `position` on, for the frames before it; nothing before `position` decodes.
    private mutating func firstPicture(from position: Int) throws(MediaError) -> StandIn? {
        var found: StandIn?
        let rest = (position..<self.packets.frameCount).map { Int32($0) }
        try self.forEachPicture(at: rest[...]) { next, picture throws(MediaError) in
            found = StandIn(picture: try picture.share(), positions: 0...max(position, next - 1))
            return false
        }
        return found
    }
}
