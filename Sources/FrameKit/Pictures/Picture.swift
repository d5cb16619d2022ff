internal import CFFmpeg

/// One decoded picture as annotators see it: upright, with square pixels, without the clip's pad.
///
/// Holds a counted reference to pixels that nobody changes any more. So one picture may be used by several threads at
/// once, wait in a batch, and be turned into any number of forms without being decoded again: ``PixelReader``,
/// ``LetterboxReader``, ``JPEGEncoder``, ``ThumbnailRenderer``, ``PictureFilter``. The pixels go with the last
/// reference.
package final class Picture: @unchecked Sendable {
    // Sendable: the frame is complete before anyone else sees it and only read from then on; FFmpeg counts references
    // to its pixels atomically.

    /// The picture alone.
    let frame: Frame
    /// The picture with its pad at the right and bottom: 4:2:0 pictures have even sides here. Whole pairs of pixels
    /// share their colour, so conversions that keep the size start from here and leave the pad out of what they give.
    let padded: Frame
    package let width: Int
    package let height: Int

    var size: PictureSize { PictureSize(width: self.width, height: self.height) }

    /// Shares the pixels of `frame` and shows its upper left part; the rest is the pad.
    ///
    /// - Parameter size: at most that of `frame`.
    init(showing size: PictureSize, of frame: borrowing Frame) throws(MediaError) {
        self.padded = try frame.share()
        let shared = try frame.share()
        // Rows keep their distance in memory, so what is cut off at the right and bottom is merely not looked at.
        unsafe shared.withPointer { pointer in
            unsafe pointer.pointee.width = Int32(size.width)
            unsafe pointer.pointee.height = Int32(size.height)
        }
        self.frame = shared
        self.width = size.width
        self.height = size.height
    }

    /// Shows the whole of `frame`, which has no pad; shares its pixels unless it needs one.
    convenience init(showing frame: borrowing Frame) throws(MediaError) {
        let format = frame.format
        let size = PictureSize(width: format.width, height: format.height)
        if format.pixelFormat == AV_PIX_FMT_YUV420P.rawValue, !size.isEven {
            try self.init(showing: size, of: frame.paddedToEvenSides())
        } else {
            try self.init(showing: size, of: frame)
        }
    }
    /// Shows a frame that a ``PictureFitter`` has brought to a clip's form; shares its pixels and leaves out its pad.
    convenience init(fitted frame: borrowing Frame, geometry: PictureGeometry) throws(MediaError) {
        try self.init(showing: PictureSize(width: geometry.width, height: geometry.height), of: frame)
    }
}
