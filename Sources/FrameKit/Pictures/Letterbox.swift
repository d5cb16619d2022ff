/// Where a picture lies inside a model's input: scaled with its shape kept, centred, grey around it.
///
/// The rule is that of Ultralytics' exports (<https://docs.ultralytics.com>): sides rounded to whole pixels, an odd
/// rest goes to the right and bottom.
package struct Letterbox: Hashable, Sendable {
    /// The brightness around the picture, 0 … 255.
    package static let fill: UInt8 = 114

    /// The model's input.
    package let input: PictureSize
    /// The picture before scaling.
    package let picture: PictureSize
    /// The picture inside the input.
    package let inner: PictureSize
    /// Columns of grey at the left.
    package let left: Int
    /// Rows of grey at the top.
    package let top: Int

    package init(of picture: PictureSize, in input: PictureSize) {
        self.picture = picture
        self.input = input
        self.inner = picture.fitted(into: input)
        self.left = (input.width - self.inner.width) / 2
        self.top = (input.height - self.inner.height) / 2
    }

    /// Input pixels for one picture pixel, across.
    package var scaleX: Double { Double(self.inner.width) / Double(self.picture.width) }
    /// Input pixels for one picture pixel, down. Differs from ``scaleX`` by the rounding of ``inner`` alone.
    package var scaleY: Double { Double(self.inner.height) / Double(self.picture.height) }

    /// The place in the picture that the model sees at (`x`, `y`), both in pixels from the upper left corner. It lies
    /// outside the picture when the model points at the grey.
    package func pictureLocation(x: Double, y: Double) -> (x: Double, y: Double) {
        ((x - Double(self.left)) / self.scaleX, (y - Double(self.top)) / self.scaleY)
    }
}
