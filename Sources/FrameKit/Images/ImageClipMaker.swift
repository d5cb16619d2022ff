package import Annotation

/// Makes clips of picture files: one frame for each, the first image of a clip deciding on its size.
///
/// The same images give the same bytes. Work runs on a thread of its own.
package actor ImageClipMaker {
    private nonisolated let executor = BlockingExecutor(label: "framekit.images")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    private let settings: EncodingSettings
    private let limits: MediaLimits

    package init(settings: EncodingSettings = EncodingSettings(), limits: MediaLimits = .standard) {
        self.settings = settings
        self.limits = limits
    }

    /// A finished and verified clip, and where its images lie on it.
    package struct Report: Sendable {
        package let clip: ClipReport
        /// One for each frame; `nil` for an image that does not decode, in whose place the frame is black.
        package let places: [ImagePlacement?]
        package let cost: ClipCost
    }

    /// Writes `clip` as an MP4 file at `path`, replacing what is there, and verifies it.
    ///
    /// - Parameters:
    ///   - bytes: gives the file of the clip's image at a position from 0, in order; called on the maker's own thread and
    ///     may block it.
    ///   - observer: sees the picture of every frame.
    /// - Throws: ``MediaError/Code/unreadable`` when the clip's first image does not decode; what `bytes` and `observer`
    ///   throw; else as ``ClipMaker/make(_:at:progress:)``.
    package func make(
        _ clip: ClipPlan, at path: String, bytes: @Sendable (Int) throws -> [UInt8],
        observer: PictureObserver? = nil, progress: @Sendable (_ framesWritten: Int) -> Void = { _ in }
    ) async throws -> Report {
        var sheet: Sheet?
        for number in 0..<clip.frameCount {
            try Task.checkCancellation()
            let file = try bytes(number)
            let picture: Picture
            if var open = sheet.take() {
                picture = try open.add(file, limits: self.limits)
                sheet = consume open
            } else {
                var new = try Sheet(
                    beginningWith: file, at: path, clip: clip, settings: self.settings, limits: self.limits)
                picture = try new.add(file, limits: self.limits)
                sheet = consume new
            }
            try await observer?(picture, number + 1)
            progress(number + 1)
        }
        guard let sheet = sheet.take() else { preconditionFailure("a clip has at least one frame") }
        return try sheet.finish(clip, at: path)
    }
}

/// A clip that is being made.
private struct Sheet: ~Copyable {
    private let canvas: ImageCanvas
    private var writer: ClipWriter
    private var places: [ImagePlacement?] = []
    private var cost = ClipCost()
    private let blank: Picture

    init(
        beginningWith file: [UInt8], at path: String, clip: ClipPlan, settings: EncodingSettings, limits: MediaLimits
    ) throws(MediaError) {
        let image = try ImageDecoder.decode(file, name: "the first image", limits: limits)
        let canvas = ImageCanvas(for: image)
        let picture = try canvas.picture(of: image).0
        let blank = try PictureFilter("drawbox=color=black:t=fill")
        self.init(
            canvas: canvas,
            writer: try ClipWriter(
                creating: path, for: picture.padded.format, frameRate: clip.frameRate, settings: settings),
            blank: try blank.applied(to: picture))
    }

    private init(canvas: ImageCanvas, writer: consuming ClipWriter, blank: Picture) {
        self.canvas = canvas
        self.writer = writer
        self.blank = blank
    }

    /// Adds an image as the next frame and returns the frame's picture.
    mutating func add(_ file: [UInt8], limits: MediaLimits) throws(MediaError) -> Picture {
        let start = ThreadTime.now
        let picture: Picture
        do throws(MediaError) {
            let image = try ImageDecoder.decode(file, name: "an image", limits: limits)
            let (shown, place) = try self.canvas.picture(of: image)
            self.places.append(place)
            picture = shown
        } catch {
            guard error.code == .unreadable else { throw error }
            self.places.append(nil)
            picture = self.blank
        }
        let decoded = ThreadTime.now
        try self.writer.write(picture.padded)
        self.cost.decodedFrames += 1
        self.cost.decoding += decoded - start
        self.cost.encoding += ThreadTime.now - decoded
        return picture
    }

    consuming func finish(_ clip: ClipPlan, at path: String) throws(MediaError) -> ImageClipMaker.Report {
        let (size, places, cost) = (self.canvas.size, self.places, self.cost)
        try self.writer.finish()
        let geometry = PictureGeometry(codedWidth: size.width, codedHeight: size.height, aspect: nil, turn: .none)
        try ClipVerification(of: clip, geometry: geometry).check(path)
        return ImageClipMaker.Report(
            clip: ClipReport(
                frameCount: clip.frameCount, damagedFrames: places.count { $0 == nil }, width: size.width,
                height: size.height, paddedWidth: size.width, paddedHeight: size.height,
                duration: .seconds(clip.frameCount) / clip.frameRate),
            places: places, cost: cost)
    }
}

extension PictureFilter {
    fileprivate consuming func applied(to picture: Picture) throws(MediaError) -> Picture {
        try self.apply(to: picture)
    }
}
