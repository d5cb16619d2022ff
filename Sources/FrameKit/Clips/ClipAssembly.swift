import Annotation

/// Puts the pictures of a clip one after the other and fills the places of those that do not decode.
struct ClipAssembly: ~Copyable {
    private let clip: ClipPlan
    private let path: String
    private let settings: EncodingSettings
    private var fitter: PictureFitter
    /// Opened by the first picture, whose colours it takes over.
    private var writer: ClipWriter?
    /// The picture written last; `nil` before the first.
    private var last: Frame?
    private(set) var writtenCount = 0
    private(set) var damagedFrames = 0

    init(of clip: ClipPlan, at path: String, geometry: PictureGeometry, settings: EncodingSettings) {
        self.clip = clip
        self.path = path
        self.settings = settings
        self.fitter = PictureFitter(fitting: geometry)
    }

    /// Adds the picture of the frame at `position`; wanted frames before it that never came show the picture before
    /// them, or this one when there is none.
    mutating func add(_ picture: borrowing Frame, at position: Int) throws(MediaError) {
        let fitted = try self.fitter.fit(picture)
        if self.writer == nil {
            self.writer = try ClipWriter(
                creating: self.path, for: fitted.format, frameRate: self.clip.frameRate, settings: self.settings)
        }
        let missingCount = self.clip.positions.dropFirst(self.writtenCount).prefix { $0 < position }.count
        if let last = try self.last?.share() {
            try self.write(last, times: missingCount)
        } else {
            try self.write(fitted, times: missingCount)
        }
        self.damagedFrames += missingCount
        try self.write(fitted, times: 1)
        self.last = consume fitted
    }

    /// Fills the end of the clip and completes the file; returns how many frames show another one's picture.
    consuming func finish() throws(MediaError) -> Int {
        let missingCount = self.clip.frameCount - self.writtenCount
        if let last = try self.last?.share() { try self.write(last, times: missingCount) }
        guard let writer = self.writer.take() else {
            throw MediaError(
                .unreadable, "none of the frames \(self.clip.frameNumbers) can be decoded",
                from: "avcodec_receive_frame")
        }
        try writer.finish()
        return self.damagedFrames + missingCount
    }

    private mutating func write(_ picture: borrowing Frame, times count: Int) throws(MediaError) {
        for _ in 0..<count { try self.writer?.write(picture) }
        self.writtenCount += count
    }
}
