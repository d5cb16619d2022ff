/// Gets the pictures of a clip while it is made: the very pixels that the encoder gets, decoded once.
///
/// Called in the order of frames, on the thread of the ``ClipMaker``. `frameNumber` counts the clip's frames from 1, as
/// `frameId` in documents does. What it throws ends the clip.
package typealias PictureReceiver =
    @Sendable (_ picture: Picture, _ frameNumber: Int) throws(MediaError) -> Void

extension Picture {
    /// The picture in a frame that a ``PictureFitter`` has brought to a clip's form: the hook for a
    /// ``PictureReceiver``. Shares the frame's pixels and leaves out its pad.
    convenience init(fitted frame: borrowing Frame, geometry: PictureGeometry) throws(MediaError) {
        try self.init(showing: PictureSize(width: geometry.width, height: geometry.height), of: frame)
    }
}
