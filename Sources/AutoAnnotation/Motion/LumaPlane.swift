/// The brightness of each pixel of a model's input, 0 black … 255 white, row after row.
struct LumaPlane: Sendable {
    let width: Int
    let height: Int
    let values: [UInt8]

    /// The brightness of a batch's picture, by the weights of ITU-R BT.601.
    init(of picture: Int, in batch: PictureBatch) {
        let (red, green, blue) = (
            batch.plane(0, of: picture), batch.plane(1, of: picture), batch.plane(2, of: picture)
        )
        let (reds, greens, blues) = (red.span, green.span, blue.span)
        self.init(
            width: batch.width, height: batch.height,
            values: reds.indices.map { index in
                UInt8(max(0, min(255, 255 * (0.299 * reds[index] + 0.587 * greens[index] + 0.114 * blues[index]))))
            })
    }

    init(width: Int, height: Int, values: [UInt8]) {
        self.width = width
        self.height = height
        self.values = values
    }

    /// The median of each pixel: what was there most of the time. What moves is at each place for a short time only.
    ///
    /// - Parameters:
    ///   - planes: of the same size, at least one.
    ///   - former: the median of the pictures before, which counts as much as half of `planes`.
    static func median(of planes: [LumaPlane], remembering former: LumaPlane?) -> LumaPlane {
        let step = (planes.count + Self.sampleCount - 1) / Self.sampleCount
        let samples = stride(from: 0, to: planes.count, by: step).map { planes[$0] }
        let repeats = former == nil ? 0 : max(1, samples.count / 2)
        let all = samples + (former.map { Array(repeating: $0, count: repeats) } ?? [])
        return Self.median(of: all)
    }

    /// More pictures than these change the median hardly.
    private static let sampleCount = 16

    private static func median(of all: [LumaPlane]) -> LumaPlane {
        let first = all[0]
        var samples = [UInt8](repeating: 0, count: all.count)
        let values = first.values.indices.map { pixel in
            for (index, plane) in all.enumerated() { samples[index] = plane.values[pixel] }
            samples.sort()
            return samples[samples.count / 2]
        }
        return LumaPlane(width: first.width, height: first.height, values: values)
    }

    /// The mean over the square of three pixels around each, which takes the noise of single pixels away.
    func smoothed() -> LumaPlane {
        // First across, then down: two sums of three instead of one of nine.
        var sums = self.values.map(UInt16.init)
        for index in 1..<sums.count - 1 {
            sums[index] = UInt16(self.values[index - 1]) + UInt16(self.values[index]) + UInt16(self.values[index + 1])
        }
        var result = self.values
        for row in 1..<self.height - 1 {
            for index in row * self.width + 1..<(row + 1) * self.width - 1 {
                result[index] = UInt8((sums[index - self.width] + sums[index] + sums[index + self.width]) / 9)
            }
        }
        return LumaPlane(width: self.width, height: self.height, values: result)
    }
}
