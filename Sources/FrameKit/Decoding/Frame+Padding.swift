internal import CFFmpeg
import Glibc

extension Frame {
    /// A copy of this 8-bit 4:2:0 picture with even sides: an odd side is one pixel longer and repeats its edge.
    ///
    /// FFmpeg's `pad` filter would lose the last column of an odd picture instead.
    borrowing func paddedToEvenSides() throws(MediaError) -> Frame {
        let padded = try Frame()
        try unsafe self.withPointer { source throws(MediaError) in
            try unsafe padded.withPointer { target throws(MediaError) in
                unsafe target.pointee.format = source.pointee.format
                unsafe target.pointee.width = source.pointee.width + source.pointee.width % 2
                unsafe target.pointee.height = source.pointee.height + source.pointee.height % 2
                try unsafe MediaError.check(
                    av_frame_get_buffer(target, 0), from: "av_frame_get_buffer", while: "padding a picture",
                    otherwise: .encoderFailure)
                try unsafe MediaError.check(
                    av_frame_copy_props(target, source), from: "av_frame_copy_props", while: "padding a picture",
                    otherwise: .encoderFailure)
                unsafe Self.copyLuma(of: source, to: target)
                // Half of an odd side is rounded up, so chroma has no pixel to add.
                unsafe Self.copyPlane(source.pointee.data.1, source.pointee.linesize.1, to: target, plane: 1)
                unsafe Self.copyPlane(source.pointee.data.2, source.pointee.linesize.2, to: target, plane: 2)
            }
        }
        return padded
    }

    private static func copyLuma(of source: UnsafeMutablePointer<AVFrame>, to target: UnsafeMutablePointer<AVFrame>) {
        guard let from = unsafe source.pointee.data.0, let to = unsafe target.pointee.data.0 else { return }
        let width = unsafe Int(source.pointee.width)
        let lastRow = unsafe Int(source.pointee.height) - 1
        for row in 0..<(unsafe Int(target.pointee.height)) {
            let line = unsafe to + row * Int(target.pointee.linesize.0)
            unsafe memcpy(line, from + min(row, lastRow) * Int(source.pointee.linesize.0), width)
            if unsafe Int(target.pointee.width) > width { unsafe line[width] = unsafe line[width - 1] }
        }
    }

    private static func copyPlane(
        _ source: UnsafeMutablePointer<UInt8>?, _ sourceStride: Int32, to target: UnsafeMutablePointer<AVFrame>,
        plane: Int
    ) {
        let data = unsafe plane == 1 ? target.pointee.data.1 : target.pointee.data.2
        let stride = unsafe Int(plane == 1 ? target.pointee.linesize.1 : target.pointee.linesize.2)
        guard let source = unsafe source, let data = unsafe data else { return }
        for row in 0..<(unsafe Int(target.pointee.height) / 2) {
            unsafe memcpy(data + row * stride, source + row * Int(sourceStride), Int(target.pointee.width) / 2)
        }
    }
}
