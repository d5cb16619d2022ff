internal import CFFmpeg
import Domain

/// What the container and the first pictures say of a whole stream.
struct StreamFacts {
    let timeBase: Rational
    /// How many bits of the container's clock count before it starts again.
    let clockBitCount: Int
    /// Frames per second; for streams that carry no times at all.
    let declaredFrameRate: Rational
    /// Whether pictures are shown in another order than they are decoded in.
    let declaresReordering: Bool
    /// Whether a packet may hold one field of a picture only; `nil` when the slices must tell.
    let mayHoldSingleFields: Bool?
    /// Whether a picture that others refer to is shown after the B pictures that follow it, and nothing else reorders.
    let reordersByCoding: Bool
}

extension Demuxer {
    var streamFacts: StreamFacts {
        unsafe self.withStream { stream in
            let rates = unsafe [stream.pointee.avg_frame_rate, stream.pointee.r_frame_rate]
            let rate = rates.first { $0.num > 0 && $0.den > 0 } ?? AVRational(num: 25, den: 1)
            let parameters = unsafe stream.pointee.codecpar
            return unsafe StreamFacts(
                timeBase: self.timeBase,
                clockBitCount: max(1, Int(stream.pointee.pts_wrap_bits)),
                declaredFrameRate: Rational(Int64(rate.num), Int64(rate.den)),
                declaresReordering: parameters?.pointee.video_delay ?? 0 > 0,
                mayHoldSingleFields: parameters.flatMap { unsafe $0.pointee.mayHoldSingleFields },
                reordersByCoding: self.makePacketInspector() is MPEGInspector)
        }
    }
}

extension AVCodecParameters {
    /// Told by the field order, which containers with all parameters in their header leave out.
    fileprivate var mayHoldSingleFields: Bool? {
        guard unsafe self.codec_id == AV_CODEC_ID_H264 else { return false }
        return switch unsafe self.field_order {
        case AV_FIELD_UNKNOWN: nil
        case AV_FIELD_PROGRESSIVE: false
        default: true
        }
    }
}
