internal import CFFmpeg

/// Where one image lies on the pictures of its clip.
package struct ImagePlacement: Hashable, Sendable {
    /// The image as it is displayed, in its own pixels.
    package let width: Int
    package let height: Int
    /// Its upper left corner on the clip's picture.
    package let x: Int
    package let y: Int
    /// Pixels of the clip for one of the image; 1 at most.
    package let scale: Double
}

/// Puts images on pictures of one size: turned upright, made smaller where they must be, centred on black.
struct ImageCanvas {
    let size: PictureSize

    /// Pictures are at most this large, so that every browser plays the clip.
    private static let bounds = PictureSize(width: 1920, height: 1080)

    /// The canvas that suits an image and is used for all that follow it.
    init(for image: borrowing DecodedImage) {
        let size = image.size
        let inner = size.fits(into: Self.bounds) ? size : size.fitted(into: Self.bounds)
        // Even sides: clips of images need no pad.
        self.size = PictureSize(width: inner.width + inner.width % 2, height: inner.height + inner.height % 2)
    }

    /// Shows `image` in the middle of the canvas.
    func picture(of image: borrowing DecodedImage) throws(MediaError) -> (Picture, ImagePlacement) {
        let size = image.size
        let inner = size.fits(into: self.size) ? size : size.fitted(into: self.size)
        // Pairs of pixels share their colour, so images start at even places.
        let (x, y) = ((self.size.width - inner.width) / 4 * 2, (self.size.height - inner.height) / 4 * 2)
        let filters =
            image.turn.filters + [
                "scale=\(inner.width):\(inner.height):flags=bicubic+accurate_rnd+full_chroma_int+bitexact"
                    + ":out_range=limited:out_color_matrix=bt709",
                "format=yuv420p",
                "pad=\(self.size.width):\(self.size.height):\(x):\(y)",
                "setparams=range=limited:colorspace=bt709:color_primaries=bt709:color_trc=bt709", "setsar=1",
            ]
        let graph = try FilterGraph.make(filters.joined(separator: ","), for: image.frame.format)
        let place = ImagePlacement(
            width: size.width, height: size.height, x: x, y: y, scale: Double(inner.width) / Double(size.width))
        return (try Picture(showing: self.size, of: graph.run(image.frame)), place)
    }
}
