internal import CFFmpeg
internal import CTurboJPEG

/// One compressor of libjpeg-turbo and the room for its output.
@safe
struct JPEGCompressor: ~Copyable {
    private let handle: tjhandle
    /// As large as the largest file so far could have been.
    private var room: [UInt8] = []

    init() throws(MediaError) {
        unsafe self.handle = try MediaError.allocated(tjInitCompress(), by: "tjInitCompress")
    }

    deinit { unsafe tjDestroy(self.handle) }

    /// - Parameters:
    ///   - frame: planes in BT.601 and full range, as JPEG has them; in 4:2:0 with even sides.
    ///   - hasFullChroma: whether they are in 4:4:4, else in 4:2:0.
    ///   - size: of the picture without what was added to make the sides even.
    ///   - quality: 1 … 100.
    mutating func compress(
        _ frame: borrowing Frame, size: PictureSize, quality: Int, hasFullChroma: Bool = false
    ) throws(MediaError) -> [UInt8] {
        let (width, height) = (Int32(size.width), Int32(size.height))
        let subsampling = Int32(bitPattern: (hasFullChroma ? TJSAMP_444 : TJSAMP_420).rawValue)
        let largest = tjBufSize(width, height, subsampling)
        if self.room.count < Int(largest) { self.room = [UInt8](repeating: 0, count: Int(largest)) }
        var byteCount = largest
        // The accurate transform costs little and gives the same bytes with and without vector instructions.
        let flags = TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT
        let handle = unsafe self.handle
        let status = unsafe self.room.withUnsafeMutableBufferPointer { room in
            var output = room.baseAddress
            return unsafe frame.withPointer { frame in
                let picture = unsafe frame.pointee
                var planes = unsafe [
                    UnsafePointer(picture.data.0), UnsafePointer(picture.data.1), UnsafePointer(picture.data.2),
                ]
                let distances = unsafe [picture.linesize.0, picture.linesize.1, picture.linesize.2]
                return unsafe tjCompressFromYUVPlanes(
                    handle, &planes, width, distances, height, subsampling, &output, &byteCount, Int32(quality), flags)
            }
        }
        guard status == 0 else { throw unsafe Self.error(of: handle, size: size) }
        return [UInt8](self.room.prefix(Int(byteCount)))
    }

    private static func error(of handle: tjhandle, size: PictureSize) -> MediaError {
        let reason = unsafe tjGetErrorStr2(handle).map { unsafe String(cString: $0) } ?? "unknown reason"
        return MediaError(
            .encoderFailure, "a picture of \(size) cannot be written as JPEG: \(reason)",
            from: "tjCompressFromYUVPlanes", status: unsafe tjGetErrorCode(handle))
    }
}
