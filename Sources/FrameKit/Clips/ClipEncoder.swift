internal import CFFmpeg

/// Encodes pictures as H.264 for a clip: High profile, closed GOPs, one thread, the same bytes on every processor.
@safe
struct ClipEncoder: ~Copyable {
    private let context: UnsafeMutablePointer<AVCodecContext>
    /// Of all pictures.
    private let fieldOrder: FieldOrder

    private init(allocatedFor codec: UnsafePointer<AVCodec>, _ fieldOrder: FieldOrder) throws(MediaError) {
        self.fieldOrder = fieldOrder
        unsafe self.context = try MediaError.allocated(avcodec_alloc_context3(codec), by: "avcodec_alloc_context3")
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = unsafe self.context
        unsafe avcodec_free_context(&context)
    }

    /// - Parameter format: of all pictures to come.
    static func open(
        for format: PictureFormat, frameRate: Int, settings: EncodingSettings
    ) throws(MediaError) -> ClipEncoder {
        guard let codec = unsafe avcodec_find_encoder_by_name("libx264") else {
            throw MediaError(.encoderFailure, "FFmpeg was built without libx264", from: "avcodec_find_encoder_by_name")
        }
        let encoder = try unsafe ClipEncoder(allocatedFor: codec, format.fieldOrder)
        encoder.setPictures(format, frameRate: frameRate)
        encoder.setGroups(of: settings.gopFrameCount(at: frameRate))
        var options: OpaquePointer?
        defer { unsafe av_dict_free(&options) }
        for (name, value) in self.options(settings, format.fieldOrder) {
            try unsafe self.check(av_dict_set(&options, name, value, 0), from: "av_dict_set")
        }
        try unsafe self.check(avcodec_open2(encoder.context, codec, &options), from: "avcodec_open2")
        return encoder
    }

    private static func options(_ settings: EncodingSettings, _ order: FieldOrder) -> [(String, String)] {
        // x264 has no weighted prediction for fields and would say so in every clip.
        let fields =
            switch order {
            case .progressive: ""
            case .topFirst: ":tff=1:weightp=0"
            case .bottomFirst: ":bff=1:weightp=0"
            }
        return [
            ("preset", settings.preset.rawValue),
            ("crf", String(settings.crf)),
            ("profile", "high"),
            // Kept frames lie too far apart for B-frames to pay: a quarter more CPU for the same size and SSIM.
            ("bf", "0"),
            ("forced-idr", "1"),
            // Captions and other passengers of the source's pictures stay out of the clip.
            ("a53cc", "0"),
            // Naming the video format makes x264 write the range, which decoders would otherwise have to assume. The
            // fastest preset alone leaves out what makes the stream High profile.
            (
                "x264-params",
                "cpu-independent=1:open-gop=0:threads=1:lookahead-threads=1:videoformat=component:8x8dct=1"
                    + fields
            ),
        ]
    }

    private borrowing func setPictures(_ format: PictureFormat, frameRate: Int) {
        unsafe self.context.pointee.width = Int32(format.width)
        unsafe self.context.pointee.height = Int32(format.height)
        unsafe self.context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
        unsafe self.context.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
        unsafe self.context.pointee.color_range = AVCOL_RANGE_MPEG
        unsafe self.context.pointee.colorspace = format.colorSpace
        unsafe self.context.pointee.color_primaries = format.primaries
        unsafe self.context.pointee.color_trc = format.transfer
        unsafe self.context.pointee.chroma_sample_location = format.chromaLocation
        switch format.fieldOrder {
        case .progressive: unsafe self.context.pointee.field_order = AV_FIELD_PROGRESSIVE
        case .topFirst: unsafe self.context.pointee.field_order = AV_FIELD_TT
        case .bottomFirst: unsafe self.context.pointee.field_order = AV_FIELD_BB
        }
        if format.fieldOrder != .progressive {
            unsafe self.context.pointee.flags |= AV_CODEC_FLAG_INTERLACED_DCT
        }
        unsafe self.context.pointee.time_base = AVRational(num: 1, den: Int32(frameRate))
        unsafe self.context.pointee.framerate = AVRational(num: Int32(frameRate), den: 1)
    }

    private borrowing func setGroups(of frameCount: Int) {
        unsafe self.context.pointee.gop_size = Int32(frameCount)
        unsafe self.context.pointee.thread_count = 1
        unsafe self.context.pointee.flags |= AV_CODEC_FLAG_BITEXACT
        unsafe self.context.pointee.flags |= Int32(bitPattern: UInt32(AV_CODEC_FLAG_CLOSED_GOP))
        // Parameter sets go into the MP4 header.
        unsafe self.context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
    }

    /// Lends the open codec to the container that takes its packets.
    borrowing func withContext<Result, Failure: Error>(
        _ body: (UnsafeMutablePointer<AVCodecContext>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(self.context)
    }

    /// Takes in a picture as frame `number` of the clip, from 0.
    borrowing func send(_ picture: borrowing Frame, asFrame number: Int) throws(MediaError) {
        // Others look at the picture, too: number and type belong to the encoder's own reference.
        let numbered = try picture.share()
        numbered.prepareForEncoding(asFrame: number, self.fieldOrder)
        let status = unsafe numbered.withPointer { unsafe avcodec_send_frame(self.context, $0) }
        try Self.check(status, from: "avcodec_send_frame")
    }

    /// Says that no picture follows.
    borrowing func finish() throws(MediaError) {
        try unsafe Self.check(avcodec_send_frame(self.context, nil), from: "avcodec_send_frame")
    }

    /// Takes the next packet; `false` when more pictures must come first, or none is left.
    borrowing func receive(into packet: borrowing Packet) throws(MediaError) -> Bool {
        let status = unsafe packet.withPointer { unsafe avcodec_receive_packet(self.context, $0) }
        if status == cffmpeg_error_again || status == cffmpeg_error_eof { return false }
        try Self.check(status, from: "avcodec_receive_packet")
        // libx264 leaves the duration out, which would make the clip one frame short.
        unsafe packet.withPointer { unsafe $0.pointee.duration = 1 }
        return true
    }

    @discardableResult
    private static func check(_ status: Int32, from call: String) throws(MediaError) -> Int32 {
        try MediaError.check(status, from: call, while: "encoding a clip", otherwise: .encoderFailure)
    }
}
