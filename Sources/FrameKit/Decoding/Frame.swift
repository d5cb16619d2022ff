internal import CFFmpeg

/// One picture, owned by exactly one variable at a time.
///
/// A frame is a counted reference to pixels. Moving it is free and ``share()`` takes another reference; neither copies
/// pixels. The last owner frees them.
@safe
struct Frame: ~Copyable {
    private let pointer: UnsafeMutablePointer<AVFrame>

    /// An empty frame for a decoder or filter to fill.
    init() throws(MediaError) {
        unsafe self.init(takingOwnershipOf: try MediaError.allocated(av_frame_alloc(), by: "av_frame_alloc"))
    }

    private init(takingOwnershipOf pointer: UnsafeMutablePointer<AVFrame>) {
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVFrame>? = unsafe self.pointer
        unsafe av_frame_free(&pointer)
    }

    /// Lends the frame to an FFmpeg call.
    borrowing func withPointer<Result, Failure: Error>(
        _ body: (UnsafeMutablePointer<AVFrame>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(self.pointer)
    }

    /// A second owner of the same pixels.
    borrowing func share() throws(MediaError) -> Frame {
        unsafe Frame(takingOwnershipOf: try MediaError.allocated(av_frame_clone(self.pointer), by: "av_frame_clone"))
    }

    /// The number that the packet of this picture was tagged with; `nil` if the decoder lost it.
    var tag: Int? {
        let time = unsafe self.pointer.pointee.pts
        return time == cffmpeg_no_timestamp ? nil : Int(time)
    }

    /// Whether the decoder had to guess some of the pixels.
    var hasDecodeErrors: Bool { unsafe self.pointer.pointee.decode_error_flags != 0 }

    /// Whether the decoder says that a picture to which this one refers may be missing.
    var isMarkedCorrupt: Bool { unsafe self.pointer.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 }

    /// Whether it was coded with reference to other pictures.
    var refersToOthers: Bool {
        [AV_PICTURE_TYPE_P, AV_PICTURE_TYPE_B, AV_PICTURE_TYPE_S].contains(unsafe self.pointer.pointee.pict_type)
    }

    var format: PictureFormat {
        unsafe PictureFormat(
            width: Int(self.pointer.pointee.width), height: Int(self.pointer.pointee.height),
            aspect: AspectRatio(self.pointer.pointee.sample_aspect_ratio),
            pixelFormat: self.pointer.pointee.format,
            colorSpace: self.pointer.pointee.colorspace, colorRange: self.pointer.pointee.color_range,
            primaries: self.pointer.pointee.color_primaries, transfer: self.pointer.pointee.color_trc,
            chromaLocation: self.pointer.pointee.chroma_location, fieldOrder: self.fieldOrder)
    }

    /// Makes the picture frame `number` of a clip and leaves the encoder free to choose its type.
    ///
    /// - Parameter order: of the whole clip, whatever single pictures say.
    borrowing func prepareForEncoding(asFrame number: Int, _ order: FieldOrder) {
        self.mark(order)
        unsafe self.pointer.pointee.pts = Int64(number)
        unsafe self.pointer.pointee.pict_type = AV_PICTURE_TYPE_NONE
    }

    /// Gives up the pixels and keeps the frame for the next picture.
    func clear() { unsafe av_frame_unref(self.pointer) }
}
