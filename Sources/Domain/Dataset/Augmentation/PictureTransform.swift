import Glibc

/// Where the pixels of a picture go when it is changed: an affine map from the old picture to the new one.
///
/// Coordinates are continuous, with 0 at the outer edge of the first pixel: (x, y) goes to
/// (xx·x + xy·y + x0, yx·x + yy·y + y0).
package struct PictureTransform: Hashable, Sendable {
    /// Of the new picture.
    package let canvas: Canvas
    private let xx: Double, xy: Double, x0: Double
    private let yx: Double, yy: Double, y0: Double

    private init(_ x: (Double, Double, Double), _ y: (Double, Double, Double), canvas: Canvas) {
        (self.xx, self.xy, self.x0) = x
        (self.yx, self.yy, self.y0) = y
        self.canvas = canvas
    }

    /// What `change` does to pictures of a size.
    package init(_ change: PictureChange, of canvas: Canvas) {
        let (width, height) = (Double(canvas.width), Double(canvas.height))
        let turned = Canvas(width: canvas.height, height: canvas.width)
        switch change {
        case .flipHorizontal: self.init((-1, 0, width), (0, 1, 0), canvas: canvas)
        case .flipVertical: self.init((1, 0, 0), (0, -1, height), canvas: canvas)
        case .quarterTurns(1): self.init((0, -1, height), (1, 0, 0), canvas: turned)
        case .quarterTurns(2): self.init((-1, 0, width), (0, -1, height), canvas: canvas)
        case .quarterTurns(3): self.init((0, 1, 0), (-1, 0, width), canvas: turned)
        case .rotation(let degrees):
            let (sine, cosine) = (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
            self.init(aboutCentre: (cosine, -sine), (sine, cosine), of: canvas)
        case .shear(let across, let down):
            let (a, b) = (tan(across * .pi / 180), tan(down * .pi / 180))
            self.init(aboutCentre: (1, a), (b, 1 + a * b), of: canvas)
        case .crop(let shares):
            let margins = Margins(shares, of: canvas)
            let scaleX = width / Double(canvas.width - margins.left - margins.right)
            let scaleY = height / Double(canvas.height - margins.top - margins.bottom)
            self.init(
                (scaleX, 0, -scaleX * Double(margins.left)), (0, scaleY, -scaleY * Double(margins.top)),
                canvas: canvas)
        default: self.init((1, 0, 0), (0, 1, 0), canvas: canvas)
        }
    }

    private init(aboutCentre x: (Double, Double), _ y: (Double, Double), of canvas: Canvas) {
        let (centreX, centreY) = (Double(canvas.width) / 2, Double(canvas.height) / 2)
        self.init(
            (x.0, x.1, centreX - x.0 * centreX - x.1 * centreY),
            (y.0, y.1, centreY - y.0 * centreX - y.1 * centreY), canvas: canvas)
    }

    package func moved(x: Double, y: Double) -> (x: Double, y: Double) {
        (self.xx * x + self.xy * y + self.x0, self.yx * x + self.yy * y + self.y0)
    }

    /// The upright box around what becomes of `box`, clipped to the new picture.
    ///
    /// - Returns: `nil` when less than `minimumVisible` of it lies in the picture, by area, or nothing.
    package func moved(_ box: Box, minimumVisible: Double) -> Box? {
        let corners = [(box.x, box.y), (box.right, box.y), (box.x, box.bottom), (box.right, box.bottom)]
            .map { self.moved(x: $0.0, y: $0.1) }
        let left = corners.map(\.x).min() ?? 0
        let top = corners.map(\.y).min() ?? 0
        let whole = Box(
            x: left, y: top, width: (corners.map(\.x).max() ?? 0) - left, height: (corners.map(\.y).max() ?? 0) - top)
        guard let visible = whole.clamped(to: self.canvas), visible.area >= minimumVisible * whole.area else {
            return nil
        }
        return visible
    }
}
