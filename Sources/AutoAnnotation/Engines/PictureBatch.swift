import Domain

/// Pictures as a model wants them, one behind the other.
package struct PictureBatch: Sendable {
    /// The size of the model's input, in pixels.
    package let width: Int
    package let height: Int
    /// In the form [picture, channel, row, column]: red, green and blue, 0 … 1, what surrounds the picture grey.
    package let values: [Float]
    /// How each picture lies in its input.
    package let placements: [PicturePlacement]

    /// - Parameter values: 3 × `width` × `height` for each placement.
    package init(width: Int, height: Int, values: [Float], placements: [PicturePlacement]) {
        precondition(values.count == 3 * width * height * placements.count, "one picture for each placement")
        self.width = width
        self.height = height
        self.values = values
        self.placements = placements
    }

    package var count: Int { self.placements.count }

    /// The floats of one channel of one picture, row after row.
    func plane(_ channel: Int, of picture: Int) -> ArraySlice<Float> {
        let area = self.width * self.height
        let start = (picture * 3 + channel) * area
        return self.values[start..<start + area]
    }
}

/// Where a scaled picture lies inside a model's input.
package struct PicturePlacement: Hashable, Sendable {
    /// The picture as people see it, in pixels.
    package let pictureWidth: Int
    package let pictureHeight: Int
    /// Input pixels for one picture pixel, across and down.
    package let scaleX: Double
    package let scaleY: Double
    /// Input pixels at the left and at the top that are not the picture's.
    package let left: Int
    package let top: Int

    package init(pictureWidth: Int, pictureHeight: Int, scaleX: Double, scaleY: Double, left: Int, top: Int) {
        self.pictureWidth = pictureWidth
        self.pictureHeight = pictureHeight
        self.scaleX = scaleX
        self.scaleY = scaleY
        self.left = left
        self.top = top
    }
}

extension PicturePlacement {
    /// A box of the input as one of the picture.
    func pictureBox(_ box: Box) -> Box {
        Box(
            x: (box.x - Double(self.left)) / self.scaleX, y: (box.y - Double(self.top)) / self.scaleY,
            width: box.width / self.scaleX, height: box.height / self.scaleY)
    }
}
