internal import CFFmpeg

/// An image as it is stored, and how it is to be turned.
struct DecodedImage: ~Copyable {
    let frame: Frame
    let turn: PictureRotation
    /// Whether all of its pixels are there; else the decoder made up the rest.
    let isWhole: Bool

    /// As it is displayed.
    var size: PictureSize {
        let format = self.frame.format
        return self.turn.swapsSides
            ? PictureSize(width: format.height, height: format.width)
            : PictureSize(width: format.width, height: format.height)
    }
}

/// Decodes picture files whole: JPEG, PNG and WebP.
@safe
struct ImageDecoder: ~Copyable {
    private let context: UnsafeMutablePointer<AVCodecContext>

    private init(allocatedFor codec: UnsafePointer<AVCodec>) throws(MediaError) {
        unsafe self.context = try MediaError.allocated(avcodec_alloc_context3(codec), by: "avcodec_alloc_context3")
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = unsafe self.context
        unsafe avcodec_free_context(&context)
    }

    /// Decodes all that can be decoded: of a damaged file, if it must be, a part.
    ///
    /// - Parameter name: of the file, in messages.
    /// - Throws: ``MediaError/Code/unreadable``, also for pictures over the limit; ``MediaError/Code/outOfMemory``.
    static func decode(_ bytes: [UInt8], name: String, limits: MediaLimits) throws(MediaError) -> DecodedImage {
        LibraryLog.install()
        guard let header = ImageHeader(bytes), let codec = unsafe avcodec_find_decoder(header.kind.codec) else {
            throw MediaError(.unreadable, "\(name) is no JPEG, PNG or WebP picture", from: "ImageHeader")
        }
        if let size = header.size, size.width * size.height > limits.pixelCount {
            throw MediaError(
                .unreadable, "\(name) has \(size) pixels, more than the limit of \(limits.pixelCount)",
                from: "ImageHeader")
        }
        let packet = try Packet()
        try packet.fill(with: header.firstPicture ?? bytes)
        do throws(MediaError) {
            let frame = try unsafe Self.decode(packet, codec, isStrict: true, name: name, limits: limits)
            // Each scan of a progressive JPEG is whole without the next.
            return DecodedImage(frame: frame, turn: header.turn, isWhole: header.hasEnd)
        } catch {
            guard error.code == .unreadable else { throw error }
            let frame = try unsafe Self.decode(packet, codec, isStrict: false, name: name, limits: limits)
            return DecodedImage(frame: frame, turn: header.turn, isWhole: false)
        }
    }

    /// - Parameter isStrict: whether any damage that the decoder notices is an error.
    private static func decode(
        _ packet: borrowing Packet, _ codec: UnsafePointer<AVCodec>, isStrict: Bool, name: String, limits: MediaLimits
    ) throws(MediaError) -> Frame {
        let decoder = try unsafe ImageDecoder(allocatedFor: codec)
        unsafe decoder.context.pointee.thread_count = 1
        unsafe decoder.context.pointee.flags |= AV_CODEC_FLAG_BITEXACT
        unsafe decoder.context.pointee.max_pixels = Int64(limits.pixelCount)
        if isStrict {
            unsafe decoder.context.pointee.err_recognition =
                AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER | AV_EF_EXPLODE
        }
        func check(_ status: Int32, _ call: String) throws(MediaError) {
            try MediaError.check(status, from: call, while: "decoding \(name)", otherwise: .unreadable)
        }
        try unsafe check(avcodec_open2(decoder.context, codec, nil), "avcodec_open2")
        let frame = try Frame()
        try unsafe check(
            packet.withPointer { unsafe avcodec_send_packet(decoder.context, $0) }, "avcodec_send_packet")
        // Some decoders give a picture only once they know that nothing follows.
        _ = unsafe avcodec_send_packet(decoder.context, nil)
        try unsafe check(
            frame.withPointer { unsafe avcodec_receive_frame(decoder.context, $0) }, "avcodec_receive_frame")
        guard !(isStrict && frame.hasDecodeErrors) else {
            throw MediaError(.unreadable, "\(name) is damaged", from: "avcodec_receive_frame")
        }
        return frame
    }
}

extension ImageKind {
    fileprivate var codec: AVCodecID {
        switch self {
        case .jpeg: AV_CODEC_ID_MJPEG
        case .png: AV_CODEC_ID_PNG
        case .webp: AV_CODEC_ID_WEBP
        }
    }
}

extension Packet {
    /// Copies `bytes` in, with the room behind them that decoders read ahead into.
    fileprivate borrowing func fill(with bytes: [UInt8]) throws(MediaError) {
        guard let count = Int32(exactly: bytes.count), count > 0 else {
            throw MediaError(.unreadable, "the picture has \(bytes.count) bytes", from: "av_new_packet")
        }
        try unsafe self.withPointer { packet throws(MediaError) in
            try unsafe MediaError.check(
                av_new_packet(packet, count), from: "av_new_packet", while: "reading a picture", otherwise: .outOfMemory
            )
            unsafe bytes.withUnsafeBufferPointer { source in
                guard let start = source.baseAddress else { return }
                unsafe packet.pointee.data.update(from: start, count: source.count)
            }
        }
    }
}
