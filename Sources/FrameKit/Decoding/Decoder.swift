internal import CFFmpeg

/// Turns the packets of one stream into pictures. Single-threaded: clips are made side by side, not pictures.
@safe
struct Decoder: ~Copyable {
    /// What became of an attempt to take a picture.
    enum Output {
        case picture
        /// The last packet did not decode, or not wholly. Its picture may still come out.
        case failed
        /// More packets must come first.
        case needsPacket
        /// All pictures of the packets before ``finish()`` are out.
        case finished
    }

    /// What the standards allow (ITU-T H.264 clause A.3.1, H.265 clause A.4.2). Times of a damaged file may ask for
    /// more, with which FFmpeg's H.264 decoder ends the process.
    private static let deepestReordering = 16

    private let context: UnsafeMutablePointer<AVCodecContext>
    private let name: String
    /// Whether `AV_FRAME_FLAG_CORRUPT` says nothing after a start at a random access point: the H.264 decoder sets it
    /// on intact pictures until the first one from after the start is shown.
    let doubtsIntactPictures: Bool
    /// `nil` for codecs of which it could tell nothing. FFmpeg uses it without owning it.
    private let watch: BufferWatch?

    private init(
        allocatedFor codec: UnsafePointer<AVCodec>, clearsBuffers: Bool, name: String
    ) throws(MediaError) {
        unsafe self.context = try MediaError.allocated(avcodec_alloc_context3(codec), by: "avcodec_alloc_context3")
        self.name = name
        self.doubtsIntactPictures = unsafe codec.pointee.id == AV_CODEC_ID_H264
        self.watch = unsafe BufferWatch(of: codec.pointee.id, clearsBuffers: clearsBuffers)
    }

    /// Opens the decoder for `demuxer`'s primary stream.
    ///
    /// - Parameters:
    ///   - reorderDepth: how many pictures may be decoded before one that is shown earlier.
    ///   - clearsBuffers: whether parts of a picture that no packet covers are zeros, instead of what the memory held
    ///     before.
    static func open(
        for demuxer: borrowing Demuxer, limits: MediaLimits, reorderDepth: Int, clearsBuffers: Bool, name: String
    ) throws(MediaError) -> Decoder {
        try unsafe demuxer.withStream { stream throws(MediaError) in
            guard let parameters = unsafe stream.pointee.codecpar,
                let codec = unsafe avcodec_find_decoder(parameters.pointee.codec_id)
            else {
                throw MediaError(
                    .unreadable, "\(name) is coded in a way that this build cannot decode", from: "avcodec_find_decoder"
                )
            }
            let decoder = try unsafe Decoder(allocatedFor: codec, clearsBuffers: clearsBuffers, name: name)
            try unsafe decoder.configure(parameters, limits: limits, reorderDepth: reorderDepth)
            unsafe decoder.watch?.attach(to: decoder.context)
            try unsafe decoder.check(avcodec_open2(decoder.context, codec, nil), from: "avcodec_open2")
            return decoder
        }
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = unsafe self.context
        unsafe avcodec_free_context(&context)
    }

    private borrowing func configure(
        _ parameters: UnsafeMutablePointer<AVCodecParameters>, limits: MediaLimits, reorderDepth: Int
    ) throws(MediaError) {
        try unsafe self.check(
            avcodec_parameters_to_context(self.context, parameters), from: "avcodec_parameters_to_context")
        unsafe self.context.pointee.thread_count = 1
        // FFmpeg would warn of threads that a ``BufferWatch`` does not expect.
        unsafe self.context.pointee.thread_type = 0
        // After a recovery point the H.264 decoder counts good pictures as corrupt until the first one is shown, and
        // would drop them. Which pictures to trust is decided in ``DecodingPass``.
        unsafe self.context.pointee.flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_OUTPUT_CORRUPT
        unsafe self.context.pointee.max_pixels = Int64(limits.pixelCount)
        // A decoder that has to learn the depth by itself loses pictures while it learns.
        let depth = Int32(min(reorderDepth, Self.deepestReordering))
        unsafe self.context.pointee.has_b_frames = max(self.context.pointee.has_b_frames, depth)
    }

    /// Takes a packet in; `false` when it did not decode as it should. Its picture may come out later, or never.
    ///
    /// All pictures must have been taken before: the decoder holds no queue of packets.
    borrowing func send(_ packet: borrowing Packet) throws(MediaError) -> Bool {
        let status = unsafe packet.withPointer { unsafe avcodec_send_packet(self.context, $0) }
        if status == cffmpeg_error_no_memory { try self.check(status, from: "avcodec_send_packet") }
        let isIntact = self.watch.map { !$0.takeDamage() } ?? true
        return status >= 0 && isIntact
    }

    /// Says that no packet follows: the remaining pictures come out.
    borrowing func finish() { _ = unsafe avcodec_send_packet(self.context, nil) }

    /// Forgets everything, for a new start at a random access point.
    borrowing func reset() { unsafe avcodec_flush_buffers(self.context) }

    /// Takes the next picture in the order of showing.
    borrowing func receive(into frame: borrowing Frame) throws(MediaError) -> Output {
        let status = unsafe frame.withPointer { unsafe avcodec_receive_frame(self.context, $0) }
        switch status {
        case 0...: return .picture
        case cffmpeg_error_again: return .needsPacket
        case cffmpeg_error_eof: return .finished
        case cffmpeg_error_no_memory: try self.check(status, from: "avcodec_receive_frame")
        // Any other status means that one packet did not decode; it is consumed.
        default: break
        }
        return .failed
    }

    @discardableResult
    private borrowing func check(_ status: Int32, from call: String) throws(MediaError) -> Int32 {
        try MediaError.check(status, from: call, while: "decoding \(self.name)", otherwise: .unreadable)
    }
}
