import Annotation

/// Puts the pictures of a clip one after the other and fills the places of those that do not decode.
struct ClipAssembly: ~Copyable {
    private let clip: ClipPlan
    private let path: String
    private let settings: EncodingSettings
    private var fitter: PictureFitter
    /// Opened by the first picture, whose colours it takes over.
    private var writer: ClipWriter?
    /// The picture shown last; `nil` before the first.
    private var last: Frame?
    private(set) var writtenCount = 0
    private(set) var damagedFrames = 0

    init(of clip: ClipPlan, at path: String, geometry: PictureGeometry, settings: EncodingSettings) {
        self.clip = clip
        self.path = path
        self.settings = settings
        self.fitter = PictureFitter(fitting: geometry)
    }

    /// Whether the frames up to `position` have a picture to show when that one comes next.
    func canShow(_ position: Int) -> Bool {
        self.last != nil || self.clip.positions.first.map { Int($0) } == position
    }

    /// Sets what the clip's first frames show when they do not decode.
    mutating func setStandIn(_ picture: borrowing Frame) throws(MediaError) {
        self.last = try self.fitter.fit(picture)
    }

    /// Adds the picture of the frame at `position`; wanted frames before it that never came show the one before them.
    mutating func add(_ picture: borrowing Frame, at position: Int) throws(MediaError) {
        try self.repeatLast(while: { $0 < position })
        let fitted = try self.fitter.fit(picture)
        try self.write(fitted)
        self.last = consume fitted
    }

    /// Fills the end of the clip and completes the file; returns how many frames show another one's picture.
    consuming func finish() throws(MediaError) -> Int {
        try self.repeatLast(while: { _ in true })
        guard let writer = self.writer.take() else {
            throw MediaError(
                .unreadable, "no frame of the video can be decoded in or around clip \(self.clip.index)",
                from: "avcodec_receive_frame")
        }
        try writer.finish()
        return self.damagedFrames
    }

    /// Shows the last picture in place of the next wanted frames, as long as their positions satisfy `condition`.
    private mutating func repeatLast(while condition: (Int32) -> Bool) throws(MediaError) {
        guard let last = try self.last?.share() else { return }
        for _ in self.clip.positions.dropFirst(self.writtenCount).prefix(while: condition) {
            try self.write(last)
            self.damagedFrames += 1
        }
    }

    private mutating func write(_ picture: borrowing Frame) throws(MediaError) {
        if self.writer == nil {
            self.writer = try ClipWriter(
                creating: self.path, for: picture.format, frameRate: self.clip.frameRate, settings: self.settings)
        }
        try self.writer?.write(picture)
        self.writtenCount += 1
    }
}
