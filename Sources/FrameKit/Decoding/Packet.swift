internal import CFFmpeg

/// Compressed data of one picture (or part of one), owned by exactly one variable and filled again and again.
@safe
struct Packet: ~Copyable {
    private let pointer: UnsafeMutablePointer<AVPacket>

    init() throws(MediaError) {
        unsafe self.pointer = try unsafe MediaError.allocated(av_packet_alloc(), by: "av_packet_alloc")
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVPacket>? = unsafe self.pointer
        unsafe av_packet_free(&pointer)
    }

    /// Lends the packet to an FFmpeg call.
    borrowing func withPointer<Result, Failure: Error>(
        _ body: (UnsafeMutablePointer<AVPacket>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(self.pointer)
    }

    /// Lends the compressed bytes.
    borrowing func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let buffer = unsafe UnsafeBufferPointer(start: self.pointer.pointee.data, count: self.byteCount)
        return try unsafe body(buffer.span)
    }

    var byteCount: Int { unsafe Int(self.pointer.pointee.size) }
    var streamIndex: Int32 { unsafe self.pointer.pointee.stream_index }

    /// Where the demuxer found it; `nil` if it does not say.
    var filePosition: Int64? {
        let position = unsafe self.pointer.pointee.pos
        return position < 0 ? nil : position
    }

    /// In the stream's time base; `nil` if unknown.
    var presentationTime: Int64? { Self.known(unsafe self.pointer.pointee.pts) }
    /// In the stream's time base; `nil` if unknown.
    var decodeTime: Int64? { Self.known(unsafe self.pointer.pointee.dts) }

    /// In the stream's time base; 0 if unknown.
    var duration: Int64 { unsafe self.pointer.pointee.duration }

    /// Whether the container calls it a keyframe.
    var isKeyframe: Bool { unsafe self.pointer.pointee.flags & AV_PKT_FLAG_KEY != 0 }
    /// Whether the container says that it is decoded but never shown, as before the start of an edit list.
    var isNeverShown: Bool { unsafe self.pointer.pointee.flags & AV_PKT_FLAG_DISCARD != 0 }

    /// Whether the container says that bytes are missing or wrong.
    var isCorrupt: Bool { unsafe self.pointer.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 }

    /// Whether it brings other headers than those that the stream began with (`AV_PKT_DATA_NEW_EXTRADATA`).
    var hasNewHeaders: Bool {
        unsafe av_packet_get_side_data(self.pointer, AV_PKT_DATA_NEW_EXTRADATA, nil) != nil
    }

    /// A check sum of its size, beginning and end, to recognise it after a seek.
    var mark: UInt16 {
        self.withBytes { bytes in
            var digest = Digest()
            digest.add(UInt64(bytes.count))
            digest.add(bytes.extracting(first: 16))
            digest.add(bytes.extracting(last: 16))
            return UInt16(truncatingIfNeeded: digest.value ^ digest.value >> 16 ^ digest.value >> 32)
        }
    }

    /// A second owner of the same data.
    func share() throws(MediaError) -> Packet {
        let other = try Packet()
        try unsafe MediaError.check(
            av_packet_ref(other.pointer, self.pointer), from: "av_packet_ref", while: "keeping a packet",
            otherwise: .outOfMemory)
        return other
    }

    /// Replaces the times by a number that comes back as ``Frame/tag`` of the picture made from this packet.
    func tag(with number: Int) {
        unsafe self.pointer.pointee.pts = Int64(number)
        unsafe self.pointer.pointee.dts = cffmpeg_no_timestamp
    }

    /// Hands the data over to `other`, whose own is abandoned.
    func move(to other: borrowing Packet) {
        other.clear()
        unsafe av_packet_move_ref(other.pointer, self.pointer)
    }

    /// Gives up the data and keeps the packet for the next.
    func clear() { unsafe av_packet_unref(self.pointer) }

    private static func known(_ time: Int64) -> Int64? { time == cffmpeg_no_timestamp ? nil : time }
}
