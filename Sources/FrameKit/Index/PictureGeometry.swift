internal import CFFmpeg

/// The size of a video's pictures on their way to the screen.
package struct PictureGeometry: Hashable, Sendable {
    /// Displayed pixels: rotation applied, pixels square.
    package let width: Int
    package let height: Int
    /// ``width`` made even by one more pixel at the right, as 4:2:0 video needs it.
    package var paddedWidth: Int { self.width + self.width % 2 }
    /// ``height`` made even by one more pixel at the bottom.
    package var paddedHeight: Int { self.height + self.height % 2 }

    /// As stored in the stream, before turning.
    let codedWidth: Int
    let codedHeight: Int
    let turn: PictureRotation

    /// The displayed size while the picture still lies as it is stored.
    var sizeBeforeRotation: (width: Int, height: Int) {
        self.turn.swapsSides ? (self.height, self.width) : (self.width, self.height)
    }

    init(codedWidth: Int, codedHeight: Int, aspect: AspectRatio?, turn: PictureRotation) {
        let square = Self.squarePixels(width: codedWidth, height: codedHeight, aspect: aspect)
        self.width = turn.swapsSides ? square.height : square.width
        self.height = turn.swapsSides ? square.width : square.height
        self.codedWidth = codedWidth
        self.codedHeight = codedHeight
        self.turn = turn
    }

    /// The size at which pixels are square: the side that grows is stretched, so that no detail is lost.
    static func squarePixels(width: Int, height: Int, aspect: AspectRatio?) -> (width: Int, height: Int) {
        guard let aspect else { return (width, height) }
        let (across, down) = (Int(aspect.width), Int(aspect.height))
        guard across < down else { return (max(1, (width * across * 2 + down) / (down * 2)), height) }
        return (width, max(1, (height * down * 2 + across) / (across * 2)))
    }
}

/// How stored pictures are turned and mirrored for display: one of the eight ways to lay a rectangle on the screen.
enum PictureRotation: Hashable, Sendable {
    case none
    case mirrored
    case upsideDown
    case upsideDownMirrored
    case clockwise
    case clockwiseMirrored
    case counterclockwise
    case counterclockwiseMirrored

    var swapsSides: Bool {
        switch self {
        case .none, .mirrored, .upsideDown, .upsideDownMirrored: false
        case .clockwise, .clockwiseMirrored, .counterclockwise, .counterclockwiseMirrored: true
        }
    }

    /// Whether the last line becomes the first.
    var isUpsideDown: Bool {
        switch self {
        case .upsideDown, .upsideDownMirrored: true
        case .none, .mirrored, .clockwise, .clockwiseMirrored, .counterclockwise, .counterclockwiseMirrored: false
        }
    }

    /// Reads the upper left 2×2 of a display matrix `[a, b; c, d]`: x' = a·x + c·y, y' = b·x + d·y
    /// (ISO/IEC 14496-12 clause 6.2.2). Angles between quarter turns are not applied.
    init(a: Int32, b: Int32, c: Int32, d: Int32) {
        switch (a.signum(), b.signum(), c.signum(), d.signum()) {
        case (-1, 0, 0, 1): self = .mirrored
        case (-1, 0, 0, -1): self = .upsideDown
        case (1, 0, 0, -1): self = .upsideDownMirrored
        case (0, 1, -1, 0): self = .clockwise
        case (0, 1, 1, 0): self = .clockwiseMirrored
        case (0, -1, 1, 0): self = .counterclockwise
        case (0, -1, -1, 0): self = .counterclockwiseMirrored
        default: self = .none
        }
    }
}

extension Demuxer {
    /// - Throws: ``MediaError/Code/limitExceeded`` for pictures that are too large.
    func geometry(limits: MediaLimits) throws(MediaError) -> PictureGeometry {
        let size = unsafe self.withStream { stream in
            unsafe stream.pointee.codecpar.map {
                (width: unsafe Int($0.pointee.width), height: unsafe Int($0.pointee.height))
            }
        }
        guard let size, size.width > 0, size.height > 0 else {
            // FFmpeg withholds a size that is over the limit that it was given.
            throw MediaError(
                .unreadable,
                "\(self.name) does not tell the size of its pictures, or they have more than"
                    + " \(limits.pixelCount) pixels", from: "codecpar")
        }
        let geometry = PictureGeometry(
            codedWidth: size.width, codedHeight: size.height, aspect: self.pixelAspect, turn: self.turn)
        // Multiplied as fractions of the limit: the sides come from an untrusted file.
        for (width, height) in [(size.width, size.height), (geometry.width, geometry.height)] {
            guard width <= limits.pixelCount / height else {
                throw MediaError(
                    .limitExceeded,
                    "\(self.name) has pictures of \(width)×\(height); \(limits.pixelCount) pixels are allowed",
                    from: "pixels")
            }
        }
        for side in [geometry.paddedWidth, geometry.paddedHeight] where side > limits.sideLength {
            throw MediaError(
                .limitExceeded,
                "\(self.name) has pictures of \(geometry.width)×\(geometry.height) pixels; clips can have"
                    + " \(limits.sideLength) a side. Scale it down before uploading it", from: "side")
        }
        return geometry
    }

    private var turn: PictureRotation {
        unsafe self.withStream { stream in
            var byteCount = 0
            guard let data = unsafe av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &byteCount),
                byteCount >= 9 * MemoryLayout<Int32>.size
            else { return .none }
            return unsafe data.withMemoryRebound(to: Int32.self, capacity: 9) { matrix in
                unsafe PictureRotation(a: matrix[0], b: matrix[1], c: matrix[3], d: matrix[4])
            }
        }
    }
}
