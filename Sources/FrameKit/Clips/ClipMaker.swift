package import Annotation

/// Makes the clips of one video, one at a time.
///
/// Clips that follow each other keep the decoder open; any clip can be made alone and has the same bytes. Work runs on
/// a thread of its own. Use several makers to make clips side by side.
package actor ClipMaker {
    private nonisolated let executor = BlockingExecutor(label: "framekit.clips")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    private let source: SourceFile
    private let index: MediaIndex
    private let settings: EncodingSettings
    private let limits: MediaLimits
    /// Opened by the first clip.
    private var pictures: PictureReader?

    package init(
        source: SourceFile, index: MediaIndex, settings: EncodingSettings = EncodingSettings(),
        limits: MediaLimits = .standard
    ) {
        self.source = source
        self.index = index
        self.settings = settings
        self.limits = limits
    }

    /// Writes `clip` as an MP4 file at `path`, replacing what is there, and verifies it.
    ///
    /// - Parameters:
    ///   - path: in a directory that exists. After an error the file may be incomplete: remove it.
    ///   - progress: called with the number of frames written so far, on the maker's thread.
    /// - Throws: ``MediaError/Code/sourceChanged`` when the source is not what was indexed,
    ///   ``MediaError/Code/unreadable`` when no frame of the clip nor any before it decodes,
    ///   ``MediaError/Code/cancelled`` within a second of the task's cancellation, ``MediaError/Code/noSpace``,
    ///   ``MediaError/Code/outOfMemory``, ``MediaError/Code/inputOutput``, ``MediaError/Code/encoderFailure``.
    package func make(
        _ clip: ClipPlan, at path: String, progress: @Sendable (_ framesWritten: Int) -> Void = { _ in }
    ) async throws(MediaError) -> ClipReport {
        try self.source.checkUnchanged()
        var pictures = try self.takePictures()
        let damagedFrames = try self.assemble(clip, at: path, from: &pictures, progress)
        self.pictures = consume pictures
        try self.source.checkUnchanged()
        try ClipVerification(of: clip, geometry: self.index.geometry).check(path)
        return ClipReport(
            frameCount: clip.frameCount, damagedFrames: damagedFrames,
            width: self.index.geometry.width, height: self.index.geometry.height,
            paddedWidth: self.index.geometry.paddedWidth, paddedHeight: self.index.geometry.paddedHeight,
            duration: .seconds(clip.frameCount) / clip.frameRate)
    }

    /// Decodes the pictures of `clip` as for making it and drops them; returns how many there are.
    ///
    /// What making the clip costs beyond this is encoding.
    package func decode(_ clip: ClipPlan) throws(MediaError) -> Int {
        var pictures = try self.takePictures()
        var count = 0
        try pictures.forEachPicture(at: clip.positions) { _, _ in
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

    /// Writes the clip and returns the number of damaged frames.
    private func assemble(
        _ clip: ClipPlan, at path: String, from pictures: inout PictureReader, _ progress: (Int) -> Void
    ) throws(MediaError) -> Int {
        var assembly = ClipAssembly(of: clip, at: path, geometry: self.index.geometry, settings: self.settings)
        try self.add(clip, to: &assembly, from: &pictures, progress)
        if assembly.writtenCount == 0 {
            // The first frame does not decode: it shows what was shown before it.
            try pictures.withStandIn(for: clip.positions) { picture throws(MediaError) in
                try assembly.setStandIn(picture)
            }
            try self.add(clip, to: &assembly, from: &pictures, progress)
        }
        return try assembly.finish()
    }

    /// Adds the clip's pictures, none when the first one does not decode and nothing stands in for it.
    private func add(
        _ clip: ClipPlan, to assembly: inout ClipAssembly, from pictures: inout PictureReader, _ progress: (Int) -> Void
    ) throws(MediaError) {
        try pictures.forEachPicture(at: clip.positions) { position, picture throws(MediaError) in
            guard assembly.canShow(position) else { return false }
            try assembly.add(picture, at: position)
            progress(assembly.writtenCount)
            return true
        }
    }
}
