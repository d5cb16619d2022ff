internal import CFFmpeg

/// Gives each picture of an MPEG-4 stream a packet of its own.
///
/// Encoders for AVI used to pack a B picture behind the picture that it refers to, followed by an empty packet. Streams
/// that do not do this pass unchanged.
@safe
struct FrameUnpacker: ~Copyable {
    private let context: UnsafeMutablePointer<AVBSFContext>

    private init(takingOwnershipOf context: UnsafeMutablePointer<AVBSFContext>) {
        unsafe self.context = unsafe context
    }

    deinit {
        var context: UnsafeMutablePointer<AVBSFContext>? = unsafe self.context
        unsafe av_bsf_free(&context)
    }

    /// `nil` for streams of other codecs.
    static func make(for stream: UnsafeMutablePointer<AVStream>) throws(MediaError) -> FrameUnpacker? {
        guard let parameters = unsafe stream.pointee.codecpar,
            unsafe parameters.pointee.codec_id == AV_CODEC_ID_MPEG4,
            let filter = unsafe av_bsf_get_by_name("mpeg4_unpack_bframes")
        else { return nil }
        var context: UnsafeMutablePointer<AVBSFContext>?
        try unsafe self.check(av_bsf_alloc(filter, &context), from: "av_bsf_alloc")
        let owned = try unsafe MediaError.allocated(context, by: "av_bsf_alloc")
        let unpacker = unsafe FrameUnpacker(takingOwnershipOf: owned)
        try unsafe self.check(
            avcodec_parameters_copy(owned.pointee.par_in, parameters), from: "avcodec_parameters_copy")
        unsafe owned.pointee.time_base_in = stream.pointee.time_base
        try unsafe self.check(av_bsf_init(owned), from: "av_bsf_init")
        return unpacker
    }

    /// Replaces `packet` by the next one of the unpacked stream; `false` when it yields none.
    borrowing func unpack(_ packet: borrowing Packet) throws(MediaError) -> Bool {
        let sent = unsafe packet.withPointer { unsafe av_bsf_send_packet(self.context, $0) }
        try Self.check(sent, from: "av_bsf_send_packet")
        let status = unsafe packet.withPointer { unsafe av_bsf_receive_packet(self.context, $0) }
        if status == cffmpeg_error_no_memory { try Self.check(status, from: "av_bsf_receive_packet") }
        return status >= 0
    }

    /// Forgets what it holds, after a seek.
    borrowing func reset() { unsafe av_bsf_flush(self.context) }

    private static func check(_ status: Int32, from call: String) throws(MediaError) {
        try MediaError.check(status, from: call, while: "unpacking MPEG-4 pictures", otherwise: .unreadable)
    }
}
