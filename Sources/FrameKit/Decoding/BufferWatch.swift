internal import CFFmpeg

/// Follows the memory of a decoder's pictures from before they are decoded, so that damage is known as soon as a packet
/// is decoded, not only when its picture comes out: until then, other pictures may have been made from it.
///
/// Used by one decoder, on that decoder's thread. It must outlive the decoder's context.
@safe
final class BufferWatch {
    private let setsMarks: Bool
    private let clearsBuffers: Bool
    /// Pictures to which the latest packet gave memory. They belong to the decoder, which keeps them for as long as it
    /// is open.
    private var frames = unsafe [UnsafeMutablePointer<AVFrame>]()

    /// - Parameter clearsBuffers: whether parts of a picture that no packet covers are zeros, instead of what the
    ///   memory held before.
    init?(of codec: AVCodecID, clearsBuffers: Bool) {
        self.setsMarks = BufferMarks.areNeeded(for: codec)
        self.clearsBuffers = clearsBuffers
        guard self.setsMarks || clearsBuffers || Self.conceals(codec) else { return nil }
    }

    /// Codecs whose decoders guess what is lost and say so in the picture (`libavcodec/error_resilience.c`).
    private static func conceals(_ codec: AVCodecID) -> Bool {
        [
            AV_CODEC_ID_H264, AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4, AV_CODEC_ID_H263,
            AV_CODEC_ID_H263P, AV_CODEC_ID_FLV1, AV_CODEC_ID_MSMPEG4V1, AV_CODEC_ID_MSMPEG4V2, AV_CODEC_ID_MSMPEG4V3,
            AV_CODEC_ID_WMV1, AV_CODEC_ID_WMV2, AV_CODEC_ID_WMV3, AV_CODEC_ID_VC1,
        ].contains(codec)
    }

    /// Has the decoder ask this watch for memory.
    func attach(to context: UnsafeMutablePointer<AVCodecContext>) {
        unsafe context.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
        unsafe context.pointee.get_buffer2 = { context, frame, flags in
            let status = unsafe avcodec_default_get_buffer2(context, frame, flags)
            guard status >= 0, let frame = unsafe frame, let watch = unsafe context?.pointee.opaque else {
                return status
            }
            unsafe Unmanaged<BufferWatch>.fromOpaque(watch).takeUnretainedValue().prepare(frame)
            return status
        }
    }

    /// Whether a picture of the latest packet is damaged; to be asked once after each packet.
    func takeDamage() -> Bool {
        var isDamaged = false
        for index in unsafe self.frames.indices {
            let frame = unsafe self.frames[index]
            if unsafe frame.pointee.decode_error_flags != 0 { isDamaged = true }
            if self.setsMarks, unsafe BufferMarks.remove(from: frame) { isDamaged = true }
        }
        // The last one stays: the next packet may hold its second field.
        unsafe self.frames.removeFirst(max(0, self.frames.count - 1))
        return isDamaged
    }

    private func prepare(_ frame: UnsafeMutablePointer<AVFrame>) {
        if self.clearsBuffers { unsafe self.clear(frame) }
        if self.setsMarks { unsafe BufferMarks.set(in: frame) }
        unsafe self.frames.append(frame)
    }

    /// As FFmpeg's own memory is when a picture gets it for the first time.
    private func clear(_ frame: UnsafeMutablePointer<AVFrame>) {
        let buffers = unsafe UnsafeBufferPointer(start: cffmpeg_buffers(frame), count: Int(AV_NUM_DATA_POINTERS))
        for index in buffers.indices {
            guard let buffer = unsafe buffers[index] else { return }
            unsafe memset(buffer.pointee.data, 0, buffer.pointee.size)
        }
    }
}
