/// The name of a source video in task names and object keys: its file name up to the first dot.
package struct VideoName: Hashable, Sendable {
    package let text: String

    /// - Parameter path: the source's path; only its last component counts.
    package init(path: String) {
        let file = path.split(separator: "/").last ?? ""
        self.text = String(file.prefix { $0 != "." })
    }

    /// `task-<n>-<videoName>`.
    package func taskName(ofClip index: Int) -> String { "task-\(index)-\(self.text)" }
}

/// The object keys of an upload's clips (contract, section 3).
package struct ClipKeys: Hashable, Sendable {
    private let folder: String
    private let uploadId: ObjectID
    private let videoName: VideoName

    /// - Parameter path: the request's `content_path`; its parent directory names the folder of the keys. `.` and `..`
    ///   in it are worked out by name, since a key has neither.
    package init(path: String, uploadId: ObjectID) {
        var components: [Substring] = []
        for component in path.split(separator: "/") where component != "." {
            if component == ".." { _ = components.popLast() } else { components.append(component) }
        }
        self.folder = components.dropLast().last.map { "contents/\($0)" } ?? "contents"
        self.uploadId = uploadId
        self.videoName = VideoName(path: path)
    }

    /// The key by which the front end expects the clip.
    package func shared(ofClip index: Int) -> String { self.key(below: self.folder, index) }

    /// The key used when the shared one belongs to another upload.
    package func own(ofClip index: Int) -> String { self.key(below: "\(self.folder)/\(self.uploadId)", index) }

    /// Where the images of a clip lie as they were uploaded: beside the clip, so in a folder that has its owner.
    ///
    /// - Parameter clipKey: either of a clip's two keys.
    package static func originalsPrefix(besides clipKey: String) -> String {
        clipKey.split(separator: "/").dropLast().joined(separator: "/") + "/originals/"
    }

    private func key(below folder: String, _ index: Int) -> String {
        let task = self.videoName.taskName(ofClip: index)
        return "\(folder)/\(task)/\(task).mp4"
    }
}
