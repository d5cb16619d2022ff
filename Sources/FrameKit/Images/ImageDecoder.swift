internal import CFFmpeg

/// An image as it is stored, and how it is to be turned.
struct DecodedImage: ~Copyable {
    let frame: Frame
    let turn: PictureTurn

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

    /// - Parameter name: of the file, in messages.
    /// - Throws: ``MediaError/Code/unreadable``, also for pictures over the limit; ``MediaError/Code/outOfMemory``.
    static func decode(_ bytes: [UInt8], name: String, limits: MediaLimits) throws(MediaError) -> DecodedImage {
        LibraryLog.install()
        guard let format = ImageFormat(bytes), let codec = unsafe avcodec_find_decoder(format.codec) else {
            throw MediaError(.unreadable, "\(name) is no JPEG, PNG or WebP picture", from: "avcodec_find_decoder")
        }
        let decoder = try unsafe ImageDecoder(allocatedFor: codec)
        unsafe decoder.context.pointee.thread_count = 1
        unsafe decoder.context.pointee.flags |= AV_CODEC_FLAG_BITEXACT
        unsafe decoder.context.pointee.max_pixels = Int64(limits.pixelCount)
        func check(_ status: Int32, _ call: String) throws(MediaError) {
            try MediaError.check(status, from: call, while: "decoding \(name)", otherwise: .unreadable)
        }
        try unsafe check(avcodec_open2(decoder.context, codec, nil), "avcodec_open2")
        let packet = try Packet()
        try packet.fill(with: bytes)
        let frame = try Frame()
        try unsafe check(
            packet.withPointer { unsafe avcodec_send_packet(decoder.context, $0) }, "avcodec_send_packet")
        // Some decoders give a picture only once they know that nothing follows.
        _ = unsafe avcodec_send_packet(decoder.context, nil)
        try unsafe check(
            frame.withPointer { unsafe avcodec_receive_frame(decoder.context, $0) }, "avcodec_receive_frame")
        let turn = PictureTurn(exifOrientation: frame.exifOrientation)
        return DecodedImage(frame: frame, turn: turn)
    }
}

/// The kinds of picture files, told by their first bytes.
private struct ImageFormat {
    let codec: AVCodecID

    init?(_ bytes: [UInt8]) {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self.codec = AV_CODEC_ID_MJPEG
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self.codec = AV_CODEC_ID_PNG
        } else if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
            self.codec = AV_CODEC_ID_WEBP
        } else {
            return nil
        }
    }
}

extension Frame {
    /// The value of the EXIF tag 0x0112, 1 … 8; `nil` without one.
    fileprivate var exifOrientation: Int? {
        unsafe self.withPointer { frame in
            guard let entry = unsafe av_dict_get(frame.pointee.metadata, "Orientation", nil, 0) else { return nil }
            let text = unsafe String(cString: entry.pointee.value)
            return Int(text.filter(\.isNumber))
        }
    }
}

extension PictureTurn {
    /// - Parameter orientation: of EXIF 2.3, section 4.6.4 A: where the stored picture's first row and column are shown.
    fileprivate init(exifOrientation orientation: Int?) {
        switch orientation {
        case 2: self = .mirrored
        case 3: self = .upsideDown
        case 4: self = .upsideDownMirrored
        case 5: self = .clockwiseMirrored
        case 6: self = .clockwise
        case 7: self = .counterclockwiseMirrored
        case 8: self = .counterclockwise
        default: self = .none
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
