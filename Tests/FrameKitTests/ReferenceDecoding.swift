import CFFmpeg
import Foundation

@testable import FrameKit

/// What a decoder shows that starts at the first packet of a stream, is given every packet, and is told nothing else:
/// the measure for every other way to get a picture.
struct ReferenceDecoding {
    /// A check sum of the picture of each frame that has one, by its position in the timeline.
    private(set) var pictures: [Int: UInt64] = [:]
    /// Frames whose pictures the decoder itself calls damaged.
    private(set) var flagged: Set<Int> = []
    /// Frames of which the decoder leaves a part as its memory was: another one on every run, but zeros in clips.
    private var unwritten: Set<Int> = []

    init(of source: SourceFile, by index: MediaIndex) throws {
        let demuxer = try Demuxer(opening: source, limits: .standard)
        let decoder = try PlainDecoder(for: demuxer)
        let packet = try Packet()
        let frame = try Frame()
        var ordinal = 0
        while try demuxer.read(into: packet) {
            packet.tag(with: ordinal)
            _ = packet.withPointer { avcodec_send_packet(decoder.context, $0) }
            self.collect(from: decoder, into: frame, index)
            ordinal += 1
        }
        _ = avcodec_send_packet(decoder.context, nil)
        self.collect(from: decoder, into: frame, index)
        if BufferMarks.areNeeded(for: decoder.context.pointee.codec_id) {
            self.unwritten = try Self.damagedFrames(of: source, by: index)
        }
    }

    private static func damagedFrames(of source: SourceFile, by index: MediaIndex) throws -> Set<Int> {
        var pass = try DecodingPass(reading: source, by: index, limits: .standard, isExact: true)
        var damaged: Set<Int> = []
        try pass.start(at: nil)
        while case .picture(let position, let isDamaged) = try pass.next(through: .max, skipping: { _ in false }) {
            if isDamaged { damaged.insert(position) }
        }
        return damaged
    }

    /// Whether the frame, or one that it may refer to, shows what was in memory before.
    func isUndefined(_ position: Int, in index: MediaIndex) -> Bool {
        guard !self.unwritten.isEmpty else { return false }
        let start = index.packets.randomAccessPoint(for: position)
        let first = start.map { Int(index.packets.randomAccessPoints[$0].position) } ?? 0
        return self.unwritten.contains { first...max(first, position) ~= $0 }
    }

    private mutating func collect(from decoder: PlainDecoder, into frame: borrowing Frame, _ index: MediaIndex) {
        while true {
            let status = frame.withPointer { avcodec_receive_frame(decoder.context, $0) }
            if status == cffmpeg_error_again || status == cffmpeg_error_eof { return }
            guard status >= 0, let ordinal = frame.tag, let position = index.packets.position(of: ordinal) else {
                continue
            }
            self.pictures[position] = frame.checkSum
            if frame.hasDecodeErrors || frame.isMarkedCorrupt { self.flagged.insert(position) }
        }
    }
}

/// FFmpeg's decoder as it comes, but that it shows what it doubts, on one thread.
private final class PlainDecoder {
    let context: UnsafeMutablePointer<AVCodecContext>

    init(for demuxer: borrowing Demuxer) throws {
        self.context = try demuxer.withStream { stream throws(MediaError) in
            let parameters = try MediaError.allocated(stream.pointee.codecpar, by: "codecpar")
            let codec = try MediaError.allocated(
                avcodec_find_decoder(parameters.pointee.codec_id), by: "avcodec_find_decoder")
            let context = try MediaError.allocated(avcodec_alloc_context3(codec), by: "avcodec_alloc_context3")
            avcodec_parameters_to_context(context, parameters)
            context.pointee.thread_count = 1
            context.pointee.flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_OUTPUT_CORRUPT
            try MediaError.check(
                avcodec_open2(context, codec, nil), from: "avcodec_open2", while: "decoding", otherwise: .unreadable)
            return context
        }
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = self.context
        avcodec_free_context(&context)
    }
}

extension Frame {
    /// A check sum of the visible pixels and their size.
    var checkSum: UInt64 {
        self.withPointer { frame in
            let format = AVPixelFormat(frame.pointee.format)
            let byteCount = av_image_get_buffer_size(format, frame.pointee.width, frame.pointee.height, 1)
            guard byteCount > 0 else { return 0 }
            var bytes = [UInt8](repeating: 0, count: Int(byteCount))
            let planes = (0..<4).map { UnsafePointer(cffmpeg_planes(frame)[$0]) }
            av_image_copy_to_buffer(
                &bytes, byteCount, planes, cffmpeg_line_sizes(frame), format, frame.pointee.width,
                frame.pointee.height, 1)
            var sum = UInt64(bytes.count) << 32 | UInt64(frame.pointee.width)
            bytes.withUnsafeBytes { raw in
                for offset in stride(from: 0, to: raw.count - 7, by: 8) {
                    sum = (sum ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x9e37_79b9_7f4a_7c15
                    sum ^= sum >> 29
                }
            }
            return sum
        }
    }
}
