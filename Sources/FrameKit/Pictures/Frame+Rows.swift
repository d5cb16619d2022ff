internal import CFFmpeg

extension Frame {
    /// Lends the first `byteCount` bytes of a row of 8-bit samples.
    ///
    /// - Parameters:
    ///   - row: from the top, less than the height of the plane.
    ///   - plane: from 0, in the order of the pixel format.
    borrowing func withRow<Result, Failure: Error>(
        _ row: Int, ofPlane plane: Int, byteCount: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe self.withPointer { frame throws(Failure) in
            let (start, distance) = unsafe Self.plane(plane, of: frame)
            // The distance is negative in pictures that were turned upside down without copying.
            let bytes = unsafe UnsafeBufferPointer(start: start.map { unsafe $0 + row * distance }, count: byteCount)
            return try unsafe body(bytes.span)
        }
    }

    private static func plane(
        _ plane: Int, of frame: UnsafeMutablePointer<AVFrame>
    ) -> (start: UnsafeMutablePointer<UInt8>?, distance: Int) {
        switch plane {
        case 0: unsafe (frame.pointee.data.0, Int(frame.pointee.linesize.0))
        case 1: unsafe (frame.pointee.data.1, Int(frame.pointee.linesize.1))
        case 2: unsafe (frame.pointee.data.2, Int(frame.pointee.linesize.2))
        default: preconditionFailure("pictures have three planes at most")
        }
    }
}
