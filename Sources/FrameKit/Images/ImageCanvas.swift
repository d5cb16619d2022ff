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

    /// When no image says how large it is.
    private static let fallback = PictureSize(width: 640, height: 360)

    /// The smallest canvas on which each image is as large as it would be alone.
    ///
    /// - Parameter sizes: of the images as displayed, each side 1 at least.
    init(for sizes: [PictureSize]) {
        let inner = sizes.map { $0.fits(into: Self.bounds) ? $0 : $0.fitted(into: Self.bounds) }
        let width = inner.map(\.width).max() ?? Self.fallback.width
        let height = inner.map(\.height).max() ?? Self.fallback.height
        // Even sides: clips of images need no pad.
        self.size = PictureSize(width: width + width % 2, height: height + height % 2)
    }

    /// A black picture, for an image that cannot be shown.
    func blank() throws(MediaError) -> Picture {
        let frame = try Frame()
        try unsafe frame.withPointer { pointer throws(MediaError) in
            unsafe pointer.pointee.format = AV_PIX_FMT_GRAY8.rawValue
            unsafe pointer.pointee.width = Int32(self.size.width)
            unsafe pointer.pointee.height = Int32(self.size.height)
            try unsafe MediaError.check(
                av_frame_get_buffer(pointer, 0), from: "av_frame_get_buffer", while: "making a black picture",
                otherwise: .outOfMemory)
            let byteCount = unsafe Int(pointer.pointee.linesize.0) * self.size.height
            unsafe pointer.pointee.data.0?.update(repeating: 0, count: byteCount)
        }
        return try self.picture(of: DecodedImage(frame: frame, turn: .none, isWhole: true)).0
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
                "setparams=field_mode=prog:range=limited:colorspace=bt709:color_primaries=bt709:color_trc=bt709",
                "setsar=1",
            ]
        let graph = try FilterGraph.make(filters.joined(separator: ","), for: image.frame.format)
        let place = ImagePlacement(
            width: size.width, height: size.height, x: x, y: y, scale: Double(inner.width) / Double(size.width))
        return (try Picture(showing: self.size, of: graph.run(image.frame)), place)
    }
}
