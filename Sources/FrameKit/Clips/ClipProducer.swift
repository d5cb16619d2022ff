package import Domain
internal import Blocking

/// Makes the clips of one video, one at a time.
///
/// Clips that follow each other keep the decoder open; any clip can be made alone and has the same bytes. Decoding and
/// encoding run side by side, each on a thread of its own. Use several producers to make clips side by side.
package actor ClipProducer {
    private nonisolated let executor = BlockingExecutor(label: "framekit.clips")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    private let source: SourceFile
    private let index: MediaIndex
    private let limits: MediaLimits
    private let recorder: ClipRecorder
    private let deinterlaces: Bool
    /// Opened by the first clip.
    private var pictures: PictureReader?
    private var cost = ClipCost()

    package init(
        source: SourceFile, index: MediaIndex, settings: EncodingSettings = EncodingSettings(),
        limits: MediaLimits = .standard
    ) {
        self.source = source
        self.index = index
        self.limits = limits
        self.recorder = ClipRecorder(settings)
        self.deinterlaces = settings.deinterlaces
    }

    /// Writes `clip` as an MP4 file at `path`, replacing what is there, and verifies it.
    ///
    /// - Parameters:
    ///   - path: in a directory that exists. After an error the file may be incomplete: remove it.
    ///   - progress: called with the number of frames written so far, on the thread that encodes.
    /// - Throws: ``MediaError/Code/sourceChanged`` when the source is not what was indexed,
    ///   ``MediaError/Code/unreadable`` when no frame of the clip nor any before it decodes,
    ///   ``MediaError/Code/cancelled`` within a second of the task's cancellation, ``MediaError/Code/noSpace``,
    ///   ``MediaError/Code/outOfMemory``, ``MediaError/Code/inputOutput``, ``MediaError/Code/encoderFailure``.
    package func make(
        _ clip: ClipPlan, at path: String, progress: @escaping @Sendable (_ framesWritten: Int) -> Void = { _ in }
    ) async throws(MediaError) -> ClipReport {
        try await self.make(clip, at: path, alsoFor: nil, progress)
    }

    /// Does the same and shows `observer` the picture of every frame, decoded once for both. A frame that does not
    /// decode shows what it shows in the clip.
    ///
    /// The observer's time overlaps that of decoding and encoding.
    ///
    /// - Throws: what the observer throws, else as ``make(_:at:progress:)``.
    package func make(
        _ clip: ClipPlan, at path: String, observer: @escaping PictureObserver,
        progress: @escaping @Sendable (_ framesWritten: Int) -> Void = { _ in }
    ) async throws -> ClipReport {
        let pictures = PictureQueue()
        async let delivery: Void = PictureDelivery()
            .deliver(pictures, ofFrames: 1...clip.frameCount, to: observer)
        let made: Result<ClipReport, MediaError>
        do throws(MediaError) {
            made = .success(try await self.make(clip, at: path, alsoFor: pictures, progress))
        } catch {
            made = .failure(error)
        }
        // Its own error comes first: that the clip was abandoned is only what followed.
        try await delivery
        return try made.get()
    }

    /// Makes the clip; `receiver` gets its pictures, too.
    private func make(
        _ clip: ClipPlan, at path: String, alsoFor receiver: PictureQueue?,
        _ progress: @escaping @Sendable (Int) -> Void
    ) async throws(MediaError) -> ClipReport {
        let encoded = PictureQueue()
        async let recording = self.record(clip, from: encoded, at: path, progress)
        let assembling = self.assemble(clip, for: [encoded] + [receiver].compactMap { $0 })
        // Its own error comes first: that the clip was abandoned is only what followed.
        let encoding = try await recording.get()
        self.cost.encoding += encoding
        let damagedFrames = try assembling.get()
        try self.source.checkUnchanged()
        try ClipVerification(of: clip, geometry: self.index.geometry).check(path)
        return ClipReport(
            frameCount: clip.frameCount, damagedFrames: damagedFrames,
            width: self.index.geometry.width, height: self.index.geometry.height,
            paddedWidth: self.index.geometry.paddedWidth, paddedHeight: self.index.geometry.paddedHeight,
            duration: .seconds(clip.frameCount) / clip.frameRate)
    }

    private nonisolated func record(
        _ clip: ClipPlan, from pictures: PictureQueue, at path: String, _ progress: @Sendable (Int) -> Void
    ) async -> Result<Duration, MediaError> {
        do throws(MediaError) {
            return .success(try await self.recorder.record(clip, from: pictures, at: path, progress))
        } catch {
            return .failure(error)
        }
    }

    /// What all clips since the last call have taken, those that failed included.
    package func takeCost() -> ClipCost {
        defer { self.cost = ClipCost() }
        return self.cost
    }

    /// Decodes the pictures of `clip` as for making it and drops them; returns how many there are.
    ///
    /// What making the clip costs beyond this is encoding.
    package func decode(_ clip: ClipPlan) throws(MediaError) -> Int {
        var pictures = try self.takePictures()
        var count = 0
        try pictures.forEachFrame(at: clip.positions) { _, _ in
            count += 1
            return true
        }
        self.pictures = consume pictures
        return count
    }

    /// The open reader, or a new one: after an error the old one is not used again.
    private func takePictures() throws(MediaError) -> PictureReader {
        if let pictures = self.pictures.take() { return pictures }
        return try PictureReader(reading: self.source, by: self.index, limits: self.limits)
    }

    /// Sends the clip's pictures to `receivers`, closes their queues and returns the number of damaged frames.
    private func assemble(_ clip: ClipPlan, for receivers: [PictureQueue]) -> Result<Int, MediaError> {
        let start = ThreadTime.now
        defer { self.cost.decoding += ThreadTime.now - start }
        do throws(MediaError) {
            try self.source.checkUnchanged()
            var pictures = try self.takePictures()
            let decodedBefore = pictures.decodedPacketCount
            var assembly = ClipAssembly(
                of: clip, geometry: self.index.geometry, deinterlaces: self.deinterlaces, for: receivers)
            try pictures.forEachFrame(at: clip.positions) { shown, frame throws(MediaError) in
                try assembly.add(shown, frame)
                return true
            }
            self.cost.decodedFrames += pictures.decodedPacketCount - decodedBefore
            self.pictures = consume pictures
            for receiver in receivers { receiver.close() }
            return .success(assembly.damagedFrames)
        } catch {
            for receiver in receivers { receiver.abandon() }
            return .failure(error)
        }
    }
}
