/// Makes small versions of pictures. Keeps what it needs for the next picture of the same format.
///
/// Used by one thread at a time.
package struct ThumbnailRenderer: ~Copyable {
    private let box: PictureSize
    private var graph = FormatGraph()

    /// - Parameter box: what every thumbnail fits into.
    package init(fitting box: PictureSize = PictureSize(width: 250, height: 250)) { self.box = box }

    /// `picture` at the largest size of the same shape inside the box; `picture` itself when it fits already.
    ///
    /// - Throws: ``MediaError/Code/outOfMemory``.
    package mutating func thumbnail(of picture: Picture) throws(MediaError) -> Picture {
        guard !picture.size.fits(into: self.box) else { return picture }
        let size = picture.size.fitted(into: self.box)
        let scaled = try self.graph.run(picture.frame) { format in
            ScaleFilter(size: size, interpolation: .area, isFullRange: format.isFullRange || format.isRGB).description
        }
        return try Picture(showing: scaled)
    }
}
