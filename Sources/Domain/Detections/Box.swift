/// An upright rectangle in a picture, in pixels from its upper left corner.
package struct Box: Hashable, Sendable, Codable {
    package var x: Double
    package var y: Double
    package var width: Double
    package var height: Double

    package init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    package init(centerX: Double, centerY: Double, width: Double, height: Double) {
        self.init(x: centerX - width / 2, y: centerY - height / 2, width: width, height: height)
    }

    package var right: Double { self.x + self.width }
    package var bottom: Double { self.y + self.height }
    package var centerX: Double { self.x + self.width / 2 }
    package var centerY: Double { self.y + self.height / 2 }
    /// 0 for a box without extent.
    package var area: Double { max(0, self.width) * max(0, self.height) }

    /// Intersection over union with `other`, 0 … 1.
    package func overlap(with other: Box) -> Double {
        let width = min(self.right, other.right) - max(self.x, other.x)
        let height = min(self.bottom, other.bottom) - max(self.y, other.y)
        guard width > 0, height > 0 else { return 0 }
        let shared = width * height
        return shared / (self.area + other.area - shared)
    }

    /// The box with `share` of its width added at the left and at the right, and of its height above and below.
    package func enlarged(by share: Double) -> Box {
        Box(
            centerX: self.centerX, centerY: self.centerY, width: self.width * (1 + 2 * share),
            height: self.height * (1 + 2 * share))
    }

    /// The part of the box inside a picture; `nil` when nothing of it is, or when a number is not finite.
    package func clamped(toWidth pictureWidth: Double, height pictureHeight: Double) -> Box? {
        guard [self.x, self.y, self.width, self.height].allSatisfy(\.isFinite) else { return nil }
        let (left, top) = (max(0, self.x), max(0, self.y))
        let width = min(pictureWidth, self.right) - left
        let height = min(pictureHeight, self.bottom) - top
        guard width > 0, height > 0 else { return nil }
        return Box(x: left, y: top, width: width, height: height)
    }
}
