internal import Domain
internal import FoundationEssentials
internal import FrameKit

/// The files of a ``LocalRun``: one clip for each task, and `tasks.json`.
struct LocalClips: Sendable {
    let source: OpenSource
    private let videoName: VideoName
    private let folder: ClipFolder

    init(of source: OpenSource, named videoName: VideoName, in folder: ClipFolder) {
        self.source = source
        self.videoName = videoName
        self.folder = folder
    }

    /// Sees to it that no file is in the way. Where files may be replaced, the old `tasks.json` goes first: one that is
    /// there describes the clips beside it.
    func makeRoom(replacingFiles: Bool) throws(LocalFailure) {
        if replacingFiles { return self.folder.remove(LocalRun.taskFileName) }
        let names = [LocalRun.taskFileName] + (0..<self.source.plan.clipCount).map(self.fileName)
        guard let name = names.first(where: self.folder.contains) else { return }
        throw LocalFailure("\(self.folder.path)/\(name) exists already; --force replaces it.")
    }

    /// Makes one clip and gives it its name.
    func make(
        _ clip: ClipPlan, with producer: ClipProducer, progress: @escaping @Sendable (_ framesWritten: Int) -> Void
    ) async throws -> ClipFacts {
        let name = self.fileName(ofClip: clip.index)
        do {
            let report = try await producer.make(clip, at: self.folder.partialPath(of: name), progress: progress)
            try self.folder.publish(name)
            return ClipFacts(report, objectKey: name)
        } catch {
            self.folder.removePartial(of: name)
            throw error
        }
    }

    /// Writes `tasks.json`.
    ///
    /// - Parameter facts: of every clip, in order.
    func writeTasks(_ facts: [ClipFacts], createdAt: Date) throws {
        // One task after the other: the records of a long video at once would take much more room than their text.
        var text = Data("[\n".utf8)
        for (clip, facts) in zip(self.source.plan.clips, facts) {
            let task = ClipTask(
                videoName: self.videoName, clip: clip, timeline: self.source.index.timeline, facts: facts,
                createdAt: createdAt)
            if clip.index > 0 { text.append(contentsOf: ",\n".utf8) }
            text.append(try JSONEncoder.forRecords.encode(task))
        }
        text.append(contentsOf: "\n]\n".utf8)
        try self.folder.write(text, to: LocalRun.taskFileName)
    }

    /// Removes the clips by which an earlier run made more of this video.
    func removeSurplus() {
        var index = self.source.plan.clipCount
        while self.folder.contains(self.fileName(ofClip: index)) {
            self.folder.remove(self.fileName(ofClip: index))
            index += 1
        }
    }

    /// Takes clips away that were made, as if the run had not been.
    func remove(_ clips: [Int]) {
        for clip in clips { self.folder.remove(self.fileName(ofClip: clip)) }
        self.folder.removePartial(of: LocalRun.taskFileName)
        self.folder.removeIfNew()
    }

    private func fileName(ofClip index: Int) -> String { "\(self.videoName.taskName(ofClip: index)).mp4" }
}
