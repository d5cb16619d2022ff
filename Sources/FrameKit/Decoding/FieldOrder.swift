internal import CFFmpeg

/// Whether all lines of a picture were taken at one moment, or every second one half a frame later.
package enum FieldOrder: String, Hashable, Sendable {
    case progressive
    /// The first line belongs to the earlier moment.
    case topFirst
    /// The second line does.
    case bottomFirst

    /// When the picture is turned upside down and has an even number of lines.
    var upsideDown: FieldOrder {
        switch self {
        case .progressive: .progressive
        case .topFirst: .bottomFirst
        case .bottomFirst: .topFirst
        }
    }

    init(_ order: AVFieldOrder) {
        switch order {
        // The first letter is the field that is shown first, as FFmpeg's encoders and raw decoder have it; the comments
        // in its header say the opposite of the mixed ones.
        case AV_FIELD_TT, AV_FIELD_TB: self = .topFirst
        case AV_FIELD_BB, AV_FIELD_BT: self = .bottomFirst
        default: self = .progressive
        }
    }
}

extension Frame {
    var fieldOrder: FieldOrder {
        unsafe self.withPointer { frame in
            guard unsafe cffmpeg_is_interlaced(frame) != 0 else { return .progressive }
            return unsafe cffmpeg_is_top_first(frame) != 0 ? .topFirst : .bottomFirst
        }
    }

    /// Says how the lines of the picture belong together; changes no pixel.
    borrowing func mark(_ order: FieldOrder) {
        unsafe self.withPointer { frame in
            unsafe cffmpeg_set_fields(frame, order == .progressive ? 0 : 1, order == .topFirst ? 1 : 0)
        }
    }
}
