/// Where one image of a collection lies in its clip's pictures: an element of a task's `images`.
package struct ImagePlace: Hashable, Sendable, Codable {
    /// The image's own size.
    package let canvas: Canvas
    /// Columns left of it in the clip's picture.
    package let left: Int
    /// Rows above it.
    package let top: Int
    /// Clip pixels for one image pixel.
    package let scale: Double
    /// The image as it was uploaded; `nil` where only the clip has it.
    package let original: OriginalImage?

    package init(canvas: Canvas, left: Int, top: Int, scale: Double, original: OriginalImage? = nil) {
        self.canvas = canvas
        self.left = left
        self.top = top
        self.scale = scale
        self.original = original
    }

    /// In clip pixels.
    package var innerWidth: Int { max(1, Int((Double(self.canvas.width) * self.scale).rounded())) }
    package var innerHeight: Int { max(1, Int((Double(self.canvas.height) * self.scale).rounded())) }

    /// A box of the clip's picture in the image's pixels.
    package func imageBox(_ box: Box) -> Box {
        let scaleX = Double(self.canvas.width) / Double(self.innerWidth)
        let scaleY = Double(self.canvas.height) / Double(self.innerHeight)
        return Box(
            x: (box.x - Double(self.left)) * scaleX, y: (box.y - Double(self.top)) * scaleY, width: box.width * scaleX,
            height: box.height * scaleY)
    }
}
