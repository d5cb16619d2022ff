import Domain

extension PicturePlacement {
    /// A box of the input as one of the picture.
    func pictureBox(_ box: Box) -> Box {
        Box(
            x: (box.x - Double(self.left)) / self.scaleX, y: (box.y - Double(self.top)) / self.scaleY,
            width: box.width / self.scaleX, height: box.height / self.scaleY)
    }
}
