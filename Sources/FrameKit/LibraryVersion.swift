internal import CFFmpeg

/// FFmpeg as the loader found it, for people who look for the cause of a difference.
package enum LibraryVersion {
    /// Such as `FFmpeg 5.1.9-0+deb12u1, libavcodec 59.37.100`.
    package static var text: String {
        let release = unsafe av_version_info().map { unsafe String(cString: $0) } ?? "of unknown release"
        let codec = avcodec_version()
        return "FFmpeg \(release), libavcodec \(codec >> 16).\(codec >> 8 & 0xFF).\(codec & 0xFF)"
    }
}
