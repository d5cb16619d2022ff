internal import CFFmpeg
import Domain

/// Takes one container apart and gives the packets of its primary video stream.
///
/// Only demuxers of the allow-list are used, and none of them can open another file.
@safe
struct Demuxer: ~Copyable {
    /// Containers of ordinary video files. Playlists, image sequences and network formats stay out: they name further
    /// files (<https://ffmpeg.org/ffmpeg-formats.html>).
    private static let allowedFormats =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,asf,flv,h264,hevc,m4v,ivf,obu,av1"

    /// The reading end. Declared before `context`, so that it is freed after.
    private let input: SourceInput
    private let context: UnsafeMutablePointer<AVFormatContext>
    let name: String
    /// Of the primary video stream.
    let streamIndex: Int32
    private let unpacker: FrameUnpacker?

    /// Opens `source`, finds its streams and chooses the primary one; all others are discarded from here on.
    init(opening source: SourceFile, limits: MediaLimits) throws(MediaError) {
        LibraryLog.install()
        let input = try SourceInput(reading: source)
        var context: UnsafeMutablePointer<AVFormatContext>? = try unsafe Self.opened(input, source.name)
        do throws(MediaError) {
            guard let open = unsafe context else { preconditionFailure("an opened context is not nil") }
            try unsafe Self.findStreams(of: open, limits: limits, name: source.name)
            let stream = try unsafe Self.choosePrimaryStream(of: open, limits: limits, name: source.name)
            if let failure = input.failure { throw failure }
            let unpacker = try unsafe FrameUnpacker.make(for: cffmpeg_stream(open, stream))
            self.unpacker = consume unpacker
            self.input = input
            unsafe self.context = open
            self.name = source.name
            self.streamIndex = stream
        } catch {
            unsafe avformat_close_input(&context)
            throw error
        }
    }

    deinit {
        var context: UnsafeMutablePointer<AVFormatContext>? = unsafe self.context
        unsafe avformat_close_input(&context)
    }

    /// Seconds in one tick of the primary stream's times.
    var timeBase: Rational {
        let base = unsafe self.stream.pointee.time_base
        return Rational(Int64(base.num), Int64(base.den))
    }

    /// Lends the primary stream.
    borrowing func withStream<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeMutablePointer<AVStream>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(self.stream)
    }

    /// Lends each stream but the primary one, in the container's order.
    borrowing func forEachOtherStream(_ body: (UnsafeMutablePointer<AVStream>) -> Void) {
        for index in 0..<(unsafe Int32(self.context.pointee.nb_streams)) where index != self.streamIndex {
            if let stream = unsafe cffmpeg_stream(self.context, index) { unsafe body(stream) }
        }
    }

    /// The aspect ratio of a pixel: the container's word, else the stream's; `nil` when neither says.
    var pixelAspect: AspectRatio? {
        unsafe AspectRatio(av_guess_sample_aspect_ratio(self.context, self.stream, nil))
    }

    /// Fills `packet` with the next packet of the primary stream; `false` at the end.
    ///
    /// A container that breaks off in the middle ends there.
    borrowing func read(into packet: borrowing Packet) throws(MediaError) -> Bool {
        while true {
            packet.clear()
            let status = unsafe packet.withPointer { unsafe av_read_frame(self.context, $0) }
            if status >= 0, packet.streamIndex == self.streamIndex {
                if try self.unpacker?.unpack(packet) ?? true { return true }
                continue
            }
            if status >= 0 || status == cffmpeg_error_again { continue }
            if let failure = self.input.failure { throw failure }
            guard status != cffmpeg_error_exit, status != cffmpeg_error_no_memory else {
                throw MediaError(
                    status: status, from: "av_read_frame", while: "reading \(self.name)", otherwise: .unreadable)
            }
            return false
        }
    }

    /// Moves near `position`, in bytes from the start of the file; `false` where the container cannot.
    borrowing func seek(toByte position: Int64) -> Bool {
        self.unpacker?.reset()
        return unsafe av_seek_frame(self.context, self.streamIndex, position, AVSEEK_FLAG_BYTE) >= 0
    }

    /// Moves to the keyframe at or before `time`; `false` where the container cannot.
    borrowing func seek(toTime time: Int64) -> Bool {
        self.unpacker?.reset()
        return unsafe av_seek_frame(self.context, self.streamIndex, time, AVSEEK_FLAG_BACKWARD) >= 0
    }

    /// Whether positions in the file are the way to seek: the container's own times repeat or are missing.
    var seeksByByte: Bool {
        guard let format = unsafe self.context.pointee.iformat else { return false }
        return unsafe format.pointee.flags & (AVFMT_TS_DISCONT | AVFMT_NOTIMESTAMPS) != 0
            && format.pointee.flags & AVFMT_NO_BYTE_SEEK == 0
    }

    private var stream: UnsafeMutablePointer<AVStream> {
        unsafe cffmpeg_stream(self.context, self.streamIndex)
    }
}

extension Demuxer {
    private static func opened(
        _ input: SourceInput, _ name: String
    ) throws(MediaError) -> UnsafeMutablePointer<AVFormatContext>? {
        let format = try unsafe MediaError.allocated(avformat_alloc_context(), by: "avformat_alloc_context")
        unsafe input.attach(to: format)
        unsafe format.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
        unsafe format.pointee.format_whitelist = av_strdup(self.allowedFormats)
        unsafe format.pointee.protocol_whitelist = av_strdup("none")
        // A container that refers to other files gets none of them.
        unsafe format.pointee.io_open = { _, _, _, _, _ in cffmpeg_error_no_access }
        var context: UnsafeMutablePointer<AVFormatContext>? = unsafe format
        // On failure FFmpeg frees the context itself.
        let status = unsafe avformat_open_input(&context, "", nil, nil)
        if status < 0, let failure = input.failure { throw failure }
        try MediaError.check(
            status, from: "avformat_open_input", while: "\(name) is not a video that can be read",
            otherwise: .limitExceeded)
        return unsafe context
    }

    /// Reads headers and first packets until the streams' parameters are known.
    private static func findStreams(
        of context: UnsafeMutablePointer<AVFormatContext>, limits: MediaLimits, name: String
    ) throws(MediaError) {
        let count = unsafe Int(context.pointee.nb_streams)
        guard count <= limits.streamCount else {
            throw MediaError(
                .limitExceeded, "\(name) has \(count) streams; \(limits.streamCount) are allowed", from: "streams")
        }
        unsafe context.pointee.max_streams = Int32(clamping: limits.streamCount)
        // The few pictures that are decoded here obey the limit, too.
        var options = unsafe [OpaquePointer?](repeating: nil, count: max(count, 1))
        for index in unsafe options.indices {
            unsafe av_dict_set_int(&options[index], "max_pixels", Int64(limits.pixelCount), 0)
        }
        defer { for index in unsafe options.indices { unsafe av_dict_free(&options[index]) } }
        let status = unsafe avformat_find_stream_info(context, &options)
        try MediaError.check(
            status, from: "avformat_find_stream_info", while: "\(name) is not a video that can be read",
            otherwise: .limitExceeded)
    }

    /// Cover art is not a video; of several videos, the first that the container marks as default, else the first.
    private static func choosePrimaryStream(
        of context: UnsafeMutablePointer<AVFormatContext>, limits: MediaLimits, name: String
    ) throws(MediaError) -> Int32 {
        let count = unsafe Int32(context.pointee.nb_streams)
        let videos = (0..<count).filter { index in
            let stream = unsafe cffmpeg_stream(context, index)
            guard let stream = unsafe stream, let parameters = unsafe stream.pointee.codecpar else { return false }
            return unsafe parameters.pointee.codec_type == AVMEDIA_TYPE_VIDEO && !stream.pointee.isCoverArt
        }
        let marked = videos.first {
            unsafe cffmpeg_stream(context, $0).pointee.disposition & AV_DISPOSITION_DEFAULT != 0
        }
        guard let primary = marked ?? videos.first else {
            throw MediaError(.unreadable, "\(name) has no video stream", from: "avformat_find_stream_info")
        }
        for index in 0..<count where index != primary {
            unsafe cffmpeg_stream(context, index).pointee.discard = AVDISCARD_ALL
        }
        return primary
    }
}

extension AVStream {
    /// Whether its pictures belong to the file as a whole, not to moments of it.
    var isCoverArt: Bool {
        unsafe self.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS) != 0
    }
}
