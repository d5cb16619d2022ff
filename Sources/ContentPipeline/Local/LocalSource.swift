internal import FrameKit

/// A video of this machine and how its clips are to be cut: what a request says to the service.
package struct LocalSource: Sendable {
    /// Relative to the working directory.
    package let path: String
    /// Frames to keep per second.
    package let frameRate: Int
    package let framesPerTask: Int

    package init(path: String, frameRate: Int, framesPerTask: Int) {
        self.path = path
        self.frameRate = frameRate
        self.framesPerTask = framesPerTask
    }
}

extension SourceFile {
    /// Opens a file of this machine, within the limit that uploads have.
    static func open(_ path: String, settings: PipelineSettings) throws -> SourceFile {
        let file = try SourceFile(path: path)
        let limit = settings.content.maxFileByteCount
        guard file.identity.byteCount <= limit else {
            throw LocalFailure("\(file.name) has \(file.identity.byteCount) bytes; at most \(limit) are allowed.")
        }
        return file
    }
}
