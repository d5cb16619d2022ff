internal import CFFmpeg

/// How the pixels of a decoded picture are to be read.
struct PictureFormat: Hashable {
    var width: Int
    var height: Int
    /// Of one pixel; `nil` if the stream does not say.
    var aspect: AspectRatio?
    /// An `AVPixelFormat`.
    var pixelFormat: Int32
    var colorSpace: AVColorSpace
    var colorRange: AVColorRange
    var primaries: AVColorPrimaries
    var transfer: AVColorTransferCharacteristic
    var chromaLocation: AVChromaLocation
    var fieldOrder: FieldOrder

    /// Full range, by tag or by one of the old pixel formats that imply it.
    var isFullRange: Bool {
        let impliesFullRange = [
            AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUVJ411P,
        ].contains { $0.rawValue == self.pixelFormat }
        return impliesFullRange || self.colorRange == AVCOL_RANGE_JPEG
    }

    /// Whether a clip takes pictures like this as they are, their size aside.
    var isClipFormat: Bool { self.pixelFormat == AV_PIX_FMT_YUV420P.rawValue && !self.isFullRange }

    /// Which curve of high dynamic range the pixels follow (ITU-R BT.2100); `nil` for ordinary ones.
    var highDynamicRange: HighDynamicRange? { HighDynamicRange(self.transfer) }

    /// Whether pixels are red, green and blue (or a palette of them), not luma and chroma.
    var isRGB: Bool {
        guard let description = unsafe av_pix_fmt_desc_get(AVPixelFormat(self.pixelFormat)) else { return false }
        return unsafe description.pointee.flags & UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) != 0
    }
}

/// A curve of high dynamic range (ITU-R BT.2100 tables 4 and 5), named as FFmpeg's filters do.
enum HighDynamicRange: String {
    case perceptualQuantizer = "smpte2084"
    case hybridLogGamma = "arib-std-b67"

    init?(_ transfer: AVColorTransferCharacteristic) {
        switch transfer {
        case AVCOL_TRC_SMPTE2084: self = .perceptualQuantizer
        case AVCOL_TRC_ARIB_STD_B67: self = .hybridLogGamma
        default: return nil
        }
    }
}

/// Width of a pixel divided by its height.
struct AspectRatio: Hashable, Sendable, Codable {
    let width: Int32
    let height: Int32

    init(_ width: Int32, _ height: Int32) {
        self.width = width
        self.height = height
    }

    /// `nil` when the stream does not say, or says nonsense.
    init?(_ ratio: AVRational) {
        guard ratio.num > 0, ratio.den > 0 else { return nil }
        self.width = ratio.num
        self.height = ratio.den
    }
}
