internal import CFFmpeg

/// Brings decoded pictures to the clip's form: square pixels, turned upright, even size, 8-bit 4:2:0 in limited range.
///
/// A picture of another size than the stream's first is letterboxed into it. One filter graph serves as long as
/// pictures come in the same format.
struct PictureFitter: ~Copyable {
    private let geometry: PictureGeometry
    private var format: PictureFormat?
    private var graph: FilterGraph?

    init(fitting geometry: PictureGeometry) { self.geometry = geometry }

    /// The fitted picture; shares the pixels of `picture` when nothing has to change.
    mutating func fit(_ picture: borrowing Frame) throws(MediaError) -> Frame {
        let format = picture.format
        if self.graph == nil || self.format != format {
            self.format = format
            self.graph = try FilterGraph.make(self.filters(for: format), for: format)
        }
        guard let fitted = try self.graph?.run(picture) else { preconditionFailure("the graph was just made") }
        let isEven =
            self.geometry.paddedWidth == self.geometry.width && self.geometry.paddedHeight == self.geometry.height
        return isEven ? fitted : try fitted.paddedToEvenSides()
    }

    /// Brings high dynamic range to BT.709, which every browser and viewer shows: light is made linear with white at
    /// 203 cd/m² (ITU-R BT.2408 clause 2.1), taken to the primaries of BT.709, and compressed where it is brighter.
    private func toneMapping(of format: PictureFormat) -> String? {
        guard let curve = format.highDynamicRange else { return nil }
        // Streams that name the curve only are BT.2020, too: BT.2100 knows no other primaries.
        let range = format.isFullRange ? "full" : "limited"
        let matrix = format.isRGB ? "gbr" : "2020_ncl"
        return "zscale=tin=\(curve.rawValue):pin=2020:min=\(matrix):rin=\(range):t=linear:npl=203,format=gbrpf32le"
            + ",zscale=p=709,tonemap=mobius,zscale=t=709:m=709:r=limited,format=yuv420p"
    }

    /// The graph's description, in FFmpeg's syntax (<https://ffmpeg.org/ffmpeg-filters.html>).
    private func filters(for format: PictureFormat) -> String {
        let isFirstSize = format.width == self.geometry.codedWidth && format.height == self.geometry.codedHeight
        let (width, height) = self.geometry.sizeBeforeRotation
        let inner = isFirstSize ? (width, height) : format.size(within: (width, height))
        var filters = ["null"]
        let toneMapping = self.toneMapping(of: format)
        if let toneMapping { filters.append(toneMapping) }
        if inner != (format.width, format.height) || !(format.isClipFormat || toneMapping != nil) {
            let matrix = format.isRGB ? ":out_color_matrix=bt709" : ""
            filters.append(
                "scale=\(inner.0):\(inner.1):flags=bicubic+accurate_rnd+full_chroma_int+bitexact"
                    + ":out_range=limited\(matrix),format=yuv420p")
        }
        if inner != (width, height) {
            let left = (width - inner.0) / 4 * 2
            let top = (height - inner.1) / 4 * 2
            filters.append("pad=\(width):\(height):\(left):\(top)")
        }
        filters += self.geometry.turn.filters
        return filters.joined(separator: ",")
    }
}

extension PictureFormat {
    /// The largest size with this picture's displayed shape inside `bounds`.
    fileprivate func size(within bounds: (Int, Int)) -> (Int, Int) {
        let square = PictureGeometry.squarePixels(width: self.width, height: self.height, aspect: self.aspect)
        if bounds.0 * square.height <= bounds.1 * square.width {
            return (bounds.0, max(2, bounds.0 * square.height / square.width / 2 * 2))
        }
        return (max(2, bounds.1 * square.width / square.height / 2 * 2), bounds.1)
    }
}

extension PictureRotation {
    var filters: [String] {
        switch self {
        case .none: []
        case .mirrored: ["hflip"]
        case .upsideDown: ["hflip", "vflip"]
        case .upsideDownMirrored: ["vflip"]
        case .clockwise: ["transpose=clock"]
        case .clockwiseMirrored: ["transpose=cclock_flip"]
        case .counterclockwise: ["transpose=cclock"]
        case .counterclockwiseMirrored: ["transpose=clock_flip"]
        }
    }
}
