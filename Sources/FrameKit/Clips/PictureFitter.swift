internal import CFFmpeg

/// Brings decoded pictures to the clip's form: square pixels, turned upright, even size, 8-bit 4:2:0 in limited range.
///
/// A picture of another size than the stream's first is letterboxed into it. One filter graph serves as long as
/// pictures come in the same format.
struct PictureFitter: ~Copyable {
    private let geometry: PictureGeometry
    private let deinterlaces: Bool
    private var format: PictureFormat?
    private var graph: FilterGraph?

    /// - Parameter deinterlaces: whether interlaced pictures become progressive.
    init(fitting geometry: PictureGeometry, deinterlaces: Bool = false) {
        self.geometry = geometry
        self.deinterlaces = deinterlaces
    }

    /// The fitted picture; shares the pixels of `picture` when nothing has to change.
    mutating func fit(_ picture: borrowing Frame) throws(MediaError) -> Frame {
        guard self.deinterlaces, picture.format.canBeDeinterlaced else { return try self.fitLines(of: picture) }
        // The filter waits for a second picture, so each picture has a graph of its own and sees no neighbour.
        // A search for edges without a radius takes half the time and gives the same PSNR.
        let filter = "estdif=mode=frame:deint=all:redge=0"
        let lines = try FilterGraph.make(filter, for: picture.format).runLast(picture)
        lines.mark(.progressive)
        return try self.fitLines(of: lines)
    }

    /// Fits a picture whose lines stay as they are, fields or not.
    private mutating func fitLines(of picture: borrowing Frame) throws(MediaError) -> Frame {
        let format = picture.format
        if self.graph == nil || self.format != format {
            self.format = format
            self.graph = try FilterGraph.make(self.filters(for: format), for: format)
        }
        guard let fitted = try self.graph?.run(picture) else { preconditionFailure("the graph was just made") }
        fitted.mark(self.fieldOrder(of: format))
        let isEven =
            self.geometry.paddedWidth == self.geometry.width && self.geometry.paddedHeight == self.geometry.height
        return isEven ? fitted : try fitted.paddedToEvenSides()
    }

    /// How the lines of the fitted picture belong together.
    ///
    /// Fields that are turned on their side are no fields any more. Nor can they be coded where lines do not come in
    /// fours: two lines of each field share their colour.
    private func fieldOrder(of format: PictureFormat) -> FieldOrder {
        let heights = [format.height, self.innerSize(of: format).height, self.geometry.paddedHeight]
        guard !self.geometry.turn.swapsSides, heights.allSatisfy({ $0 % 4 == 0 }) else { return .progressive }
        return self.geometry.turn.isUpsideDown ? format.fieldOrder.upsideDown : format.fieldOrder
    }

    /// What the picture is scaled to before it is turned and letterboxed.
    private func innerSize(of format: PictureFormat) -> (width: Int, height: Int) {
        let isFirstSize = format.width == self.geometry.codedWidth && format.height == self.geometry.codedHeight
        return isFirstSize ? self.geometry.sizeBeforeRotation : format.size(within: self.geometry.sizeBeforeRotation)
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
        let (width, height) = self.geometry.sizeBeforeRotation
        let inner = self.innerSize(of: format)
        var filters = ["null"]
        let toneMapping = self.toneMapping(of: format)
        if let toneMapping { filters.append(toneMapping) }
        if inner != (format.width, format.height) || !(format.isClipFormat || toneMapping != nil) {
            let matrix = format.isRGB ? ":out_color_matrix=bt709" : ""
            // Each field for itself, or the scaled lines would mix two moments.
            let fields = self.fieldOrder(of: format) == .progressive ? "" : ":interl=1"
            filters.append(
                "scale=\(inner.0):\(inner.1):flags=bicubic+accurate_rnd+full_chroma_int+bitexact"
                    + ":out_range=limited\(matrix)\(fields),format=yuv420p")
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
    /// Whether there are fields, and lines enough for the filter.
    fileprivate var canBeDeinterlaced: Bool { self.fieldOrder != .progressive && self.height >= 4 }

    /// The largest size with this picture's displayed shape inside `bounds`.
    fileprivate func size(within bounds: (Int, Int)) -> (width: Int, height: Int) {
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
