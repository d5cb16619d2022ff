import Domain
internal import Blocking

/// Gives the frames of a finished clip by number, exactly, decoding only what they need.
///
/// ``forEachPicture(ofFrames:_:)`` goes through many; ``picture(ofFrame:)`` takes them in any order, and in ascending
/// order the decoder stays open and every frame is decoded once. Memory does not grow with the clip. Work runs on a
/// thread of its own. Use several readers to read clips side by side.
package actor ClipReader {
    private nonisolated let executor = BlockingExecutor(label: "framekit.pictures")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    /// Frames of the clip.
    package nonisolated let frameCount: Int

    private let source: SourceFile
    private let index: MediaIndex
    private let limits: MediaLimits
    private let size: PictureSize
    private var fitter: PictureFitter
    /// Opened by the first picture.
    private var pictures: PictureReader?
    /// The clip's last pictures by position, once one of them was asked for: the decoder gives them out together.
    private var lastPictures: [Int: Picture] = [:]

    /// Opens the clip at `path`.
    ///
    /// - Parameter size: of the picture without the pad, as the task document has it.
    /// - Throws: ``MediaError/Code/inaccessible``, ``MediaError/Code/unreadable`` when the file is no clip or has
    ///   pictures of another size, ``MediaError/Code/limitExceeded``, ``MediaError/Code/cancelled``,
    ///   ``MediaError/Code/inputOutput``.
    package static func open(
        _ path: String, size: PictureSize, limits: MediaLimits = .standard
    ) async throws(MediaError) -> ClipReader {
        let source = try SourceFile(path: path)
        let index = try await MediaIndex.build(of: source, limits: limits)
        let geometry = index.geometry
        let isPadded = [geometry.width - size.width, geometry.height - size.height].allSatisfy { 0...1 ~= $0 }
        guard isPadded else {
            throw MediaError(
                .unreadable,
                "\(source.name) has pictures of \(geometry.width)×\(geometry.height) instead of \(size)",
                from: "size")
        }
        return ClipReader(source, index, limits, size: size)
    }

    private init(_ source: SourceFile, _ index: MediaIndex, _ limits: MediaLimits, size: PictureSize) {
        self.source = source
        self.index = index
        self.limits = limits
        self.size = size
        self.frameCount = index.timeline.frameCount
        self.fitter = PictureFitter(fitting: index.geometry)
    }

    /// The picture of frame `number`, counted from 1 as `frameId` is.
    ///
    /// - Throws: ``MediaError/Code/unreadable`` when the clip has no such frame or it does not decode,
    ///   ``MediaError/Code/sourceChanged``, ``MediaError/Code/cancelled``, ``MediaError/Code/outOfMemory``,
    ///   ``MediaError/Code/inputOutput``.
    package func picture(ofFrame number: Int) throws(MediaError) -> Picture {
        try self.check(number)
        let position = number - 1
        if let picture = self.lastPictures[position] { return picture }
        // To get a picture near the end, the decoder must be told that no packet follows, and then gives all it has.
        let isNearEnd = position + self.index.reorderDepth + 1 >= self.frameCount
        var decoded: [Int: Picture] = [:]
        try self.decode(position..<(isNearEnd ? self.frameCount : position + 1)) { decoded[$0] = $1 }
        guard let picture = decoded[position] else { throw self.doesNotDecode(number) }
        if isNearEnd { swap(&self.lastPictures, &decoded) }
        return picture
    }

    /// Shows `observer` the pictures of the frames `numbers`, decoding the next ones meanwhile.
    ///
    /// - Parameter numbers: ascending, counted from 1 as `frameId` is; all frames are `1...frameCount`.
    /// - Throws: what the observer throws, else as ``picture(ofFrame:)``.
    package func forEachPicture(
        ofFrames numbers: some Collection<Int> & Sendable, _ observer: @escaping PictureObserver
    ) async throws {
        let pictures = PictureQueue()
        async let delivery: Void = PictureDelivery().deliver(pictures, ofFrames: numbers, to: observer)
        let decoding = self.decode(numbers, into: pictures)
        // Its own error comes first: that the pictures were abandoned is only what followed.
        try await delivery
        try decoding.get()
    }

    /// Sends the pictures of the frames `numbers` to `receiver` and closes it.
    private func decode(_ numbers: some Collection<Int>, into receiver: PictureQueue) -> Result<Void, MediaError> {
        do throws(MediaError) {
            for number in numbers { try self.check(number) }
            var rest = numbers[...]
            try self.decode(numbers.lazy.map { $0 - 1 }) { position, picture throws(MediaError) in
                let number = position + 1
                if let next = rest.popFirst(), next != number { throw self.doesNotDecode(next) }
                guard receiver.put(picture) else {
                    throw MediaError(.cancelled, "\(self.source.name) was given up", from: "PictureQueue")
                }
            }
            if let next = rest.first { throw self.doesNotDecode(next) }
            receiver.close()
            return .success(())
        } catch {
            receiver.abandon()
            return .failure(error)
        }
    }

    /// Calls `body` with the pictures at `positions` that decode, in order.
    private func decode(
        _ positions: some Sequence<Int>, _ body: (_ position: Int, Picture) throws(MediaError) -> Void
    ) throws(MediaError) {
        // After an error the reader is not used again.
        var pictures =
            if let open = self.pictures.take() { open } else {
                try PictureReader(reading: self.source, by: self.index, limits: self.limits)
            }
        let wanted = positions.map { Int32($0) }
        try pictures.forEachFrame(at: wanted[...]) { shown, frame throws(MediaError) in
            guard !shown.isDamaged else { throw self.doesNotDecode(shown.position + 1) }
            let fitted = try self.fitter.fit(frame)
            try body(shown.position, Picture(showing: self.size, of: fitted))
            return true
        }
        self.pictures = consume pictures
    }

    private func check(_ number: Int) throws(MediaError) {
        guard 1...self.frameCount ~= number else {
            throw MediaError(
                .unreadable, "\(self.source.name) has \(self.frameCount) frames and so no frame \(number)",
                from: "picture")
        }
    }

    private func doesNotDecode(_ number: Int) -> MediaError {
        MediaError(.unreadable, "frame \(number) of \(self.source.name) does not decode", from: "avcodec_receive_frame")
    }
}
