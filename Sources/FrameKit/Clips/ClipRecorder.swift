import Domain
internal import Blocking

/// Encodes the pictures of clips and writes their files, one clip at a time, on a thread of its own.
actor ClipRecorder {
    private nonisolated let executor = BlockingExecutor(label: "framekit.encoder")
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    private let settings: EncodingSettings

    init(_ settings: EncodingSettings) { self.settings = settings }

    /// Writes `clip` as a file at `path`; leaves it unfinished when `pictures` end before the clip does.
    ///
    /// - Parameters:
    ///   - pictures: one for each frame. They are closed on return.
    ///   - progress: called with the number of frames written so far.
    /// - Returns: the processor time that it took.
    func record(
        _ clip: ClipPlan, from pictures: PictureQueue, at path: String, _ progress: (Int) -> Void
    ) throws(MediaError) -> Duration {
        defer { pictures.abandon() }
        let start = ThreadTime.now
        try self.write(clip, from: pictures, at: path, progress)
        return ThreadTime.now - start
    }

    private func write(
        _ clip: ClipPlan, from pictures: PictureQueue, at path: String, _ progress: (Int) -> Void
    ) throws(MediaError) {
        guard let first = try self.next(of: pictures) else { return }
        var writer = try ClipWriter(
            creating: path, for: first.padded.format, frameRate: clip.frameRate, settings: self.settings)
        try writer.write(first.padded)
        progress(writer.frameCount)
        while writer.frameCount < clip.frameCount {
            guard let picture = try self.next(of: pictures) else { return }
            try writer.write(picture.padded)
            progress(writer.frameCount)
        }
        try writer.finish()
    }

    private func next(of pictures: PictureQueue) throws(MediaError) -> Picture? {
        let picture = pictures.take()
        guard !Task.isCancelled else {
            throw MediaError(.cancelled, "the clip was cancelled", from: "Task.isCancelled")
        }
        return picture
    }
}
