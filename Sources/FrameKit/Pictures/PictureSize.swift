/// Width and height in pixels, both at least 1.
package struct PictureSize: Hashable, Sendable {
    package let width: Int
    package let height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// The largest size of the same shape inside `box`; sides are rounded to the nearest whole pixel.
    func fitted(into box: PictureSize) -> PictureSize {
        if self.width * box.height >= self.height * box.width {
            return PictureSize(width: box.width, height: Self.scaled(self.height, by: box.width, over: self.width))
        }
        return PictureSize(width: Self.scaled(self.width, by: box.height, over: self.height), height: box.height)
    }

    /// Whether nothing of this size sticks out of `box`.
    func fits(into box: PictureSize) -> Bool { self.width <= box.width && self.height <= box.height }

    /// Whether both sides are even.
    var isEven: Bool { self.width % 2 == 0 && self.height % 2 == 0 }

    private static func scaled(_ side: Int, by numerator: Int, over denominator: Int) -> Int {
        max(1, (2 * side * numerator + denominator) / (2 * denominator))
    }
}

extension PictureSize: CustomStringConvertible {
    package var description: String { "\(self.width)×\(self.height)" }
}
