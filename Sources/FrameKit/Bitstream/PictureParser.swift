internal import CFFmpeg

/// FFmpeg's own reader of slice headers, for what takes more than a look at a few bytes.
@safe
struct PictureParser: ~Copyable {
    /// Half of the lines of an interlaced picture.
    enum Field {
        case top
        case bottom
    }

    struct Header {
        /// Rises in the order of showing, within one coded video sequence.
        let orderCount: Int32
        /// Which field the packet holds; `nil` when it holds a whole picture.
        let field: Field?
    }

    private let parser: UnsafeMutablePointer<AVCodecParserContext>
    private let context: UnsafeMutablePointer<AVCodecContext>

    private init(
        takingOwnershipOf parser: UnsafeMutablePointer<AVCodecParserContext>,
        _ context: UnsafeMutablePointer<AVCodecContext>
    ) {
        unsafe self.parser = unsafe parser
        unsafe self.context = unsafe context
    }

    deinit {
        unsafe av_parser_close(self.parser)
        var context: UnsafeMutablePointer<AVCodecContext>? = unsafe self.context
        unsafe avcodec_free_context(&context)
    }

    /// `nil` for codecs whose packets come in the order of showing.
    static func open(for demuxer: borrowing Demuxer) throws(MediaError) -> PictureParser? {
        try unsafe demuxer.withStream { stream throws(MediaError) in
            guard let parameters = unsafe stream.pointee.codecpar,
                unsafe [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC].contains(parameters.pointee.codec_id),
                let parser = unsafe av_parser_init(Int32(bitPattern: parameters.pointee.codec_id.rawValue))
            else { return nil }
            let context = unsafe avcodec_alloc_context3(nil)
            guard let context = unsafe context else {
                unsafe av_parser_close(parser)
                throw MediaError(.outOfMemory, "memory ran out", from: "avcodec_alloc_context3")
            }
            let pictureParser = unsafe PictureParser(takingOwnershipOf: parser, context)
            unsafe parser.pointee.flags |= PARSER_FLAG_COMPLETE_FRAMES
            try unsafe MediaError.check(
                avcodec_parameters_to_context(context, parameters), from: "avcodec_parameters_to_context",
                while: "reading slice headers", otherwise: .unreadable)
            return pictureParser
        }
    }

    /// Reads one packet; packets must come in the order of decoding.
    borrowing func parse(_ packet: borrowing Packet) -> Header {
        unsafe packet.withPointer { packet in
            var data: UnsafeMutablePointer<UInt8>?
            var byteCount: Int32 = 0
            _ = unsafe av_parser_parse2(
                self.parser, self.context, &data, &byteCount, packet.pointee.data, packet.pointee.size,
                cffmpeg_no_timestamp, cffmpeg_no_timestamp, -1)
            let field: Field? =
                switch unsafe self.parser.pointee.picture_structure {
                case AV_PICTURE_STRUCTURE_TOP_FIELD: .top
                case AV_PICTURE_STRUCTURE_BOTTOM_FIELD: .bottom
                default: nil
                }
            return unsafe Header(orderCount: self.parser.pointee.output_picture_number, field: field)
        }
    }
}
