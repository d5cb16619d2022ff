internal import CFFmpeg

/// A stream of a file that no clip is made of.
package struct OtherStream: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case video
        case coverArt
        case audio
        case subtitles
        /// Anything else, such as timecodes or attached fonts.
        case data
    }

    package let kind: Kind
    /// FFmpeg's name, such as "aac"; `nil` for what it does not know.
    package let codec: String?
    /// Pixels as stored; `nil` for what has none.
    package let width: Int?
    package let height: Int?
}

extension Demuxer {
    /// The streams beside the primary one, in the container's order.
    var otherStreams: [OtherStream] {
        var streams: [OtherStream] = []
        unsafe self.forEachOtherStream { stream in
            guard let parameters = unsafe stream.pointee.codecpar else { return }
            unsafe streams.append(OtherStream(stream.pointee, parameters.pointee))
        }
        return streams
    }
}

extension OtherStream {
    fileprivate init(_ stream: AVStream, _ parameters: AVCodecParameters) {
        self.kind =
            switch unsafe parameters.codec_type {
            case AVMEDIA_TYPE_VIDEO: unsafe stream.isCoverArt ? .coverArt : .video
            case AVMEDIA_TYPE_AUDIO: .audio
            case AVMEDIA_TYPE_SUBTITLE: .subtitles
            default: .data
            }
        self.codec =
            unsafe parameters.codec_id == AV_CODEC_ID_NONE
            ? nil : String(cString: avcodec_get_name(parameters.codec_id))
        let hasSize = unsafe parameters.width > 0 && parameters.height > 0
        self.width = unsafe hasSize ? Int(parameters.width) : nil
        self.height = unsafe hasSize ? Int(parameters.height) : nil
    }
}
