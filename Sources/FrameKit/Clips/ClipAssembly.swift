import Domain

/// Puts the pictures of a clip one after the other and fills the places of those that do not decode.
struct ClipAssembly: ~Copyable {
    private let clip: ClipPlan
    private let geometry: PictureGeometry
    /// All of them get every picture.
    private let receivers: [PictureQueue]
    private var fitter: PictureFitter
    /// The picture shown last, and its position in the timeline.
    private var last: (picture: Picture, position: Int)?
    private(set) var frameCount = 0
    /// Frames that show another one's picture, or one of which the decoder had to guess a part.
    private(set) var damagedFrames = 0

    init(of clip: ClipPlan, geometry: PictureGeometry, deinterlaces: Bool, for receivers: [PictureQueue]) {
        self.clip = clip
        self.geometry = geometry
        self.receivers = receivers
        self.fitter = PictureFitter(fitting: geometry, deinterlaces: deinterlaces)
    }

    /// Adds the next frame of the clip.
    mutating func add(_ shown: ShownFrame, _ frame: borrowing Frame) throws(MediaError) {
        if self.last?.position != shown.picturePosition {
            self.last = (try self.fit(frame), shown.picturePosition)
        }
        if shown.isDamaged { self.damagedFrames += 1 }
        if let last = self.last { try self.show(last.picture) }
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
