internal import CFFmpeg

/// An MP4 file being written: one video track, `moov` in front, nothing in it that changes from run to run.
@safe
struct ClipFile: ~Copyable {
    private let context: UnsafeMutablePointer<AVFormatContext>
    private let frameRate: Int

    private init(takingOwnershipOf context: UnsafeMutablePointer<AVFormatContext>, frameRate: Int) {
        unsafe self.context = unsafe context
        self.frameRate = frameRate
    }

    deinit {
        // Closing again after `finish()` is harmless: the pointer is nil then.
        unsafe avio_closep(&self.context.pointee.pb)
        unsafe avformat_free_context(self.context)
    }

    /// Creates the file at `path` for the packets of `encoder`.
    static func create(
        at path: String, for encoder: borrowing ClipEncoder, frameRate: Int
    ) throws(MediaError) -> ClipFile {
        var context: UnsafeMutablePointer<AVFormatContext>?
        // The prefix keeps a path from being read as a URL.
        let url = "file:" + path
        try unsafe self.check(
            avformat_alloc_output_context2(&context, nil, "mp4", url), from: "avformat_alloc_output_context2")
        let owned = try unsafe MediaError.allocated(context, by: "avformat_alloc_output_context2")
        let file = unsafe ClipFile(takingOwnershipOf: owned, frameRate: frameRate)
        unsafe owned.pointee.flags |= AVFMT_FLAG_BITEXACT
        let stream = try unsafe MediaError.allocated(avformat_new_stream(owned, nil), by: "avformat_new_stream")
        unsafe stream.pointee.time_base = AVRational(num: 1, den: Int32(frameRate))
        unsafe stream.pointee.avg_frame_rate = AVRational(num: Int32(frameRate), den: 1)
        try unsafe encoder.withContext { codec throws(MediaError) in
            try unsafe self.check(
                avcodec_parameters_from_context(stream.pointee.codecpar, codec),
                from: "avcodec_parameters_from_context")
        }
        try unsafe self.check(avio_open(&owned.pointee.pb, url, AVIO_FLAG_WRITE), from: "avio_open")
        var options: OpaquePointer?
        defer { unsafe av_dict_free(&options) }
        try unsafe self.check(av_dict_set(&options, "movflags", "+faststart", 0), from: "av_dict_set")
        try unsafe self.check(avformat_write_header(owned, &options), from: "avformat_write_header")
        return file
    }

    /// Writes a packet whose times count frames.
    borrowing func write(_ packet: borrowing Packet) throws(MediaError) {
        let stream = unsafe cffmpeg_stream(self.context, 0)
        let status = unsafe packet.withPointer { packet in
            unsafe packet.pointee.stream_index = 0
            let frames = AVRational(num: 1, den: Int32(self.frameRate))
            if let stream = unsafe stream { unsafe av_packet_rescale_ts(packet, frames, stream.pointee.time_base) }
            return unsafe av_interleaved_write_frame(self.context, packet)
        }
        try Self.check(status, from: "av_interleaved_write_frame")
    }

    /// Writes the index and closes the file.
    consuming func finish() throws(MediaError) {
        try unsafe Self.check(av_write_trailer(self.context), from: "av_write_trailer")
        try unsafe Self.check(avio_closep(&self.context.pointee.pb), from: "avio_closep")
    }

    private static func check(_ status: Int32, from call: String) throws(MediaError) {
        try MediaError.check(status, from: call, while: "writing a clip", otherwise: .encoderFailure)
    }
}
