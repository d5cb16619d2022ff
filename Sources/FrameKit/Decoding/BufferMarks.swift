internal import CFFmpeg

/// Marks in the memory of a picture that show, after decoding, which parts of it no packet covered.
///
/// Some decoders leave a lost part as the memory was, which is a part of any earlier picture, and report nothing. Marks
/// lie in the lines at which rows of blocks end, a block or more apart: a lost part reaches to the end of a slice and
/// holds at least one. Decoded pixels equal a mark of eight bytes once in 2⁶⁴ times.
@safe
enum BufferMarks {
    private static let mark: UInt64 = 0x9e37_79b9_7f4a_7c15
    private static let byteCount = MemoryLayout<UInt64>.size
    /// Blocks of all supported codecs end at multiples of this many lines.
    private static let lineStep = 16
    private static func byteStep(forLineOf byteCount: Int) -> Int { byteCount < 512 ? 16 : 64 }

    /// Codecs whose decoders conceal nothing and write every pixel of an intact picture.
    static func areNeeded(for codec: AVCodecID) -> Bool {
        [
            AV_CODEC_ID_HEVC, AV_CODEC_ID_MJPEG, AV_CODEC_ID_PRORES, AV_CODEC_ID_DNXHD, AV_CODEC_ID_DVVIDEO,
            AV_CODEC_ID_FFV1, AV_CODEC_ID_HUFFYUV, AV_CODEC_ID_FFVHUFF, AV_CODEC_ID_UTVIDEO, AV_CODEC_ID_PNG,
            AV_CODEC_ID_JPEG2000, AV_CODEC_ID_VP8, AV_CODEC_ID_VP9,
        ].contains(codec)
    }

    /// Marks the first plane of a picture that is to be decoded.
    static func set(in frame: UnsafeMutablePointer<AVFrame>) {
        guard let base = unsafe frame.pointee.data.0 else { return }
        // The decoder moves `data` to crop the picture; this stays.
        unsafe frame.pointee.opaque = UnsafeMutableRawPointer(base)
        unsafe self.forEachMark(in: frame) { place in unsafe place.storeBytes(of: self.mark, as: UInt64.self) }
    }

    /// Removes all marks from a decoded picture; returns whether there were any.
    ///
    /// The pixels beside a mark, which were not written either, take its place.
    static func remove(from frame: UnsafeMutablePointer<AVFrame>) -> Bool {
        var isFound = false
        unsafe self.forEachMark(in: frame) { place in
            guard unsafe place.loadUnaligned(as: UInt64.self) == self.mark else { return }
            isFound = true
            unsafe place.copyMemory(from: place - self.byteCount, byteCount: self.byteCount)
        }
        return isFound
    }

    /// Calls `body` with the place of each mark inside the visible picture.
    private static func forEachMark(
        in frame: UnsafeMutablePointer<AVFrame>, _ body: (UnsafeMutableRawPointer) -> Void
    ) {
        let lineSize = unsafe Int(frame.pointee.linesize.0)
        let visible = unsafe Int(
            av_image_get_linesize(AVPixelFormat(frame.pointee.format), frame.pointee.width, 0))
        guard let data = unsafe frame.pointee.data.0, let base = unsafe frame.pointee.opaque, lineSize > 0,
            let first = unsafe Self.offset(of: data, from: base)
        else { return }
        let (top, left) = first.quotientAndRemainder(dividingBy: lineSize)
        let bottom = unsafe top + Int(frame.pointee.height)
        let step = self.byteStep(forLineOf: lineSize)
        let lastPlace = left + visible - self.byteCount
        for line in stride(from: self.lineStep - 1, to: bottom, by: self.lineStep) where line >= top {
            // Places are multiples of the step in the whole buffer, so that cropping does not move them.
            for end in stride(from: step, through: lastPlace + self.byteCount, by: step) {
                let place = end - self.byteCount
                if place > left { unsafe body(base + line * lineSize + place) }
            }
        }
    }

    /// Bytes from `base` to `data`; `nil` when they belong to different buffers.
    private static func offset(of data: UnsafeMutablePointer<UInt8>, from base: UnsafeMutableRawPointer) -> Int? {
        let offset = unsafe UnsafeMutableRawPointer(data) - base
        return 0..<(1 << 24) ~= offset ? offset : nil
    }
}
