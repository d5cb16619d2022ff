/// Scales rows of interleaved 8-bit colours: each pixel is mixed from the four around its place, with weights of 11
/// bits.
///
/// The rule is that of OpenCV's `resize` with `INTER_LINEAR`, by which Ultralytics trains and runs its models
/// (<https://docs.opencv.org/4.x/da/d54/group__imgproc__transform.html>): unlike FFmpeg's scalers it looks at four
/// pixels also when a picture becomes much smaller. Small models answer to differences of one level.
struct BilinearSampler {
    /// Two neighbours and the weight of the second, 0 … 2048.
    struct Tap {
        let first: Int
        let second: Int
        let weight: Int
    }

    static let one = 2048
    let columns: [Tap]
    let rows: [Tap]

    init(from source: PictureSize, to target: PictureSize) {
        self.columns = Self.taps(from: source.width, to: target.width)
        self.rows = Self.taps(from: source.height, to: target.height)
    }

    private static func taps(from source: Int, to target: Int) -> [Tap] {
        let scale = Double(source) / Double(target)
        return (0..<target).map { index in
            // Centres of pixels lie on each other; places outside the picture show its edge.
            let place = (Double(index) + 0.5) * scale - 0.5
            let first = Int(place.rounded(.down))
            guard first >= 0 else { return Tap(first: 0, second: 0, weight: 0) }
            guard first < source - 1 else { return Tap(first: source - 1, second: source - 1, weight: 0) }
            return Tap(
                first: first, second: first + 1, weight: Int(((place - Double(first)) * Double(Self.one)).rounded()))
        }
    }

    /// A source row, scaled across: 2048 times the levels of three colours for each target pixel.
    func scaledAcross(_ row: Span<UInt8>, into sums: inout [Int32]) {
        for (index, tap) in self.columns.enumerated() {
            for channel in 0..<3 {
                let first = Int(row[3 * tap.first + channel])
                let second = Int(row[3 * tap.second + channel])
                sums[3 * index + channel] = Int32(first * (Self.one - tap.weight) + second * tap.weight)
            }
        }
    }

    /// The level between two rows that were scaled across; rounds as OpenCV does.
    static func mixed(_ upper: Int32, _ lower: Int32, weight: Int) -> UInt8 {
        let fromUpper = (Int(upper >> 4) * (self.one - weight)) >> 16
        let fromLower = (Int(lower >> 4) * weight) >> 16
        return UInt8(min(255, (fromUpper + fromLower + 2) >> 2))
    }
}
