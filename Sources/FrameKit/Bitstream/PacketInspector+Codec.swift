internal import CFFmpeg

extension Demuxer {
    /// Follows the frame numbers of an H.264 stream; `nil` for other codecs.
    func makeFrameNumbers() -> H264FrameNumbers? {
        unsafe self.withStream { stream in
            guard let parameters = unsafe stream.pointee.codecpar,
                unsafe parameters.pointee.codec_id == AV_CODEC_ID_H264
            else { return nil }
            let extradata = unsafe UnsafeBufferPointer(
                start: parameters.pointee.extradata, count: Int(parameters.pointee.extradata_size))
            return unsafe H264FrameNumbers(
                extradata: extradata.span, framing: H264Inspector(extradata: extradata.span).framing)
        }
    }

    /// The inspector for the primary stream's codec.
    func makePacketInspector() -> any PacketInspector {
        unsafe self.withStream { stream in
            guard let parameters = unsafe stream.pointee.codecpar else { return OpaquePacketInspector() }
            let extradata = unsafe UnsafeBufferPointer(
                start: parameters.pointee.extradata, count: Int(parameters.pointee.extradata_size))
            switch unsafe parameters.pointee.codec_id {
            case AV_CODEC_ID_H264: return unsafe H264Inspector(extradata: extradata.span)
            case AV_CODEC_ID_HEVC: return unsafe HEVCInspector(extradata: extradata.span)
            case AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO: return MPEGInspector(family: .mpeg2)
            case AV_CODEC_ID_MPEG4: return MPEGInspector(family: .mpeg4)
            case AV_CODEC_ID_VP8: return VPXInspector(family: .vp8)
            case AV_CODEC_ID_VP9: return VPXInspector(family: .vp9)
            default: return OpaquePacketInspector()
            }
        }
    }
}
