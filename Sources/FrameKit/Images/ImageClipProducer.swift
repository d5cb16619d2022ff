package import Domain
internal import Blocking

/// Makes clips of picture files: one frame for each, on a canvas that suits them all.
///
/// The same images give the same bytes. Work runs on a thread of its own.
package actor ImageClipProducer {
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
        /// One for each frame: why its image is not shown, or not whole; `nil` for an intact one.
        package let problems: [String?]
        package let cost: ClipCost

        /// Positions in the clip, from 0, of the images that are shown whole.
        package var intactPositions: [Int] {
            self.places.indices.filter { self.places[$0] != nil && self.problems[$0] == nil }
        }
    }

    /// Runs `body`, which may block, on the producer's own thread.
    package func onOwnThread<Result: Sendable>(_ body: @Sendable () throws -> Result) rethrows -> Result {
        try body()
    }

    /// Writes `clip` as an MP4 file at `path`, replacing what is there, and verifies it.
    ///
    /// - Parameters:
    ///   - bytes: gives the file of the clip's image at a position from 0; called twice for each, in order, on the
    ///     producer's own thread, and may block it.
    ///   - observer: sees the picture of every frame.
    /// - Throws: what `bytes` and `observer` throw; else as ``ClipProducer/make(_:at:progress:)``.
    package func make(
        _ clip: ClipPlan, at path: String, bytes: @Sendable (Int) throws -> [UInt8],
        observer: PictureObserver? = nil, progress: @Sendable (_ framesWritten: Int) -> Void = { _ in }
    ) async throws -> Report {
        LibraryLog.install()
        let canvas = try self.canvas(for: clip.frameCount, bytes: bytes)
        var sheet = try Sheet(on: canvas, at: path, clip: clip, settings: self.settings)
        for number in 0..<clip.frameCount {
            try Task.checkCancellation()
            let picture = try sheet.add(try bytes(number), limits: self.limits)
            try await observer?(picture, number + 1)
            progress(number + 1)
        }
        return try sheet.finish(clip, at: path)
    }

    private func canvas(for count: Int, bytes: @Sendable (Int) throws -> [UInt8]) throws -> ImageCanvas {
        var sizes: [PictureSize] = []
        for number in 0..<count {
            try Task.checkCancellation()
            guard let size = ImageHeader(try bytes(number))?.displayedSize,
                size.width * size.height <= self.limits.pixelCount
            else { continue }
            sizes.append(size)
        }
        return ImageCanvas(for: sizes)
    }
}

/// A clip that is being made.
private struct Sheet: ~Copyable {
    private let canvas: ImageCanvas
    private var writer: ClipWriter
    private var places: [ImagePlacement?] = []
    private var problems: [String?] = []
    private var cost = ClipCost()
    private let blank: Picture

    init(
        on canvas: ImageCanvas, at path: String, clip: ClipPlan, settings: EncodingSettings
    ) throws(MediaError) {
        let blank = try canvas.blank()
        self.init(
            canvas: canvas,
            writer: try ClipWriter(
                creating: path, for: blank.padded.format, frameRate: clip.frameRate, settings: settings),
            blank: blank)
    }

    private init(canvas: ImageCanvas, writer: consuming ClipWriter, blank: Picture) {
        self.canvas = canvas
        self.writer = writer
        self.blank = blank
    }

    /// Adds an image as the next frame and returns the frame's picture.
    mutating func add(_ file: [UInt8], limits: MediaLimits) throws(MediaError) -> Picture {
        let start = ThreadTime.now
        let picture = try self.picture(of: file, limits: limits)
        let decoded = ThreadTime.now
        try self.writer.write(picture.padded)
        self.cost.decodedFrames += 1
        self.cost.decoding += decoded - start
        self.cost.encoding += ThreadTime.now - decoded
        return picture
    }

    private mutating func picture(of file: [UInt8], limits: MediaLimits) throws(MediaError) -> Picture {
        do throws(MediaError) {
            let image = try ImageDecoder.decode(file, name: "the picture", limits: limits)
            let (shown, place) = try self.canvas.picture(of: image)
            self.places.append(place)
            self.problems.append(image.isWhole ? nil : "A part of the picture is missing or damaged.")
            return shown
        } catch {
            guard error.code == .unreadable else { throw error }
            self.places.append(nil)
            self.problems.append(Self.problem(for: error, file))
            return self.blank
        }
    }

    private static func problem(for error: MediaError, _ file: [UInt8]) -> String {
        if file.isEmpty { return "The file is empty or cannot be read." }
        // What the library says of a failed call helps nobody who looks at a task.
        return error.status == 0 ? "\(error.message)." : "The picture does not decode."
    }

    consuming func finish(_ clip: ClipPlan, at path: String) throws(MediaError) -> ImageClipProducer.Report {
        let (size, places, problems, cost) = (self.canvas.size, self.places, self.problems, self.cost)
        try self.writer.finish()
        let geometry = PictureGeometry(codedWidth: size.width, codedHeight: size.height, aspect: nil, turn: .none)
        try ClipVerification(of: clip, geometry: geometry).check(path)
        return ImageClipProducer.Report(
            clip: ClipReport(
                frameCount: clip.frameCount, damagedFrames: problems.count { $0 != nil }, width: size.width,
                height: size.height, paddedWidth: size.width, paddedHeight: size.height,
                duration: .seconds(clip.frameCount) / clip.frameRate),
            places: places, problems: problems, cost: cost)
    }
}
