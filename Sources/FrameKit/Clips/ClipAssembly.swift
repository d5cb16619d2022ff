import Annotation

/// Puts the pictures of a clip one after the other and fills the places of those that do not decode.
struct ClipAssembly: ~Copyable {
    private let clip: ClipPlan
    private let geometry: PictureGeometry
    /// All of them get every picture.
    private let receivers: [PictureQueue]
    private var fitter: PictureFitter
    /// The picture shown last; `nil` before the first.
    private var last: Picture?
    private(set) var frameCount = 0
    /// Frames that show another one's picture.
    private(set) var damagedFrames = 0

    init(of clip: ClipPlan, geometry: PictureGeometry, for receivers: [PictureQueue]) {
        self.clip = clip
        self.geometry = geometry
        self.receivers = receivers
        self.fitter = PictureFitter(fitting: geometry)
    }

    /// Whether the frames up to `position` have a picture to show when that one comes next.
    func canShow(_ position: Int) -> Bool {
        self.last != nil || self.clip.positions.first.map { Int($0) } == position
    }

    /// Sets what the clip's first frames show when they do not decode.
    mutating func setStandIn(_ picture: borrowing Frame) throws(MediaError) { self.last = try self.fit(picture) }

    /// Adds the picture of the frame at `position`; wanted frames before it that never came show the one before them.
    mutating func add(_ picture: borrowing Frame, at position: Int) throws(MediaError) {
        try self.repeatLast(while: { $0 < position })
        let fitted = try self.fit(picture)
        try self.show(fitted)
        self.last = fitted
    }

    /// Fills the end of the clip.
    mutating func finish() throws(MediaError) {
        try self.repeatLast(while: { _ in true })
        guard self.frameCount == self.clip.frameCount else {
            throw MediaError(
                .unreadable, "no frame of the video can be decoded in or around clip \(self.clip.index)",
                from: "avcodec_receive_frame")
        }
    }

    /// Shows the last picture in place of the next wanted frames, as long as their positions satisfy `condition`.
    private mutating func repeatLast(while condition: (Int32) -> Bool) throws(MediaError) {
        guard let last = self.last else { return }
        for _ in self.clip.positions.dropFirst(self.frameCount).prefix(while: condition) {
            try self.show(last)
            self.damagedFrames += 1
        }
    }

    private mutating func fit(_ picture: borrowing Frame) throws(MediaError) -> Picture {
        try Picture(fitted: self.fitter.fit(picture), geometry: self.geometry)
    }

    private mutating func show(_ picture: Picture) throws(MediaError) {
        for receiver in self.receivers {
            guard receiver.put(picture) else {
                throw MediaError(.cancelled, "clip \(self.clip.index) was given up", from: "PictureQueue")
            }
        }
        self.frameCount += 1
    }
}
