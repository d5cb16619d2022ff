internal import CFFmpeg
import Annotation

/// What the container and the first pictures say of a whole stream.
struct StreamFacts {
    let timeBase: Rational
    /// Frames per second; for streams that carry no times at all.
    let declaredFrameRate: Rational
    /// Whether pictures are shown in another order than they are decoded in.
    let declaresReordering: Bool
    /// Whether a packet may hold one field of a picture only.
    let mayHoldSingleFields: Bool
    /// Whether a picture that others refer to is shown after the B pictures that follow it, and nothing else reorders.
    let reordersByCoding: Bool
}

extension Demuxer {
    var streamFacts: StreamFacts {
        unsafe self.withStream { stream in
            let rates = unsafe [stream.pointee.avg_frame_rate, stream.pointee.r_frame_rate]
            let rate = rates.first { $0.num > 0 && $0.den > 0 } ?? AVRational(num: 25, den: 1)
            let parameters = unsafe stream.pointee.codecpar
            let isInterlaced = unsafe ![AV_FIELD_UNKNOWN, AV_FIELD_PROGRESSIVE].contains(
                parameters?.pointee.field_order ?? AV_FIELD_UNKNOWN)
            return unsafe StreamFacts(
                timeBase: self.timeBase,
                declaredFrameRate: Rational(Int64(rate.num), Int64(rate.den)),
                declaresReordering: parameters?.pointee.video_delay ?? 0 > 0,
                mayHoldSingleFields: isInterlaced && parameters?.pointee.codec_id == AV_CODEC_ID_H264,
                reordersByCoding: self.makePacketInspector() is MPEGInspector)
        }
    }
}
