internal import CFFmpeg

extension Demuxer {
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
