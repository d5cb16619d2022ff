package import Domain
internal import FoundationEssentials
internal import FrameKit

/// Makes all task clips of a video in a directory, with the same parts as the service and without database or store.
///
/// The clips have the bytes that the service would store, and `tasks.json` the fields of its task documents but the
/// ids; `videoPath` and `S3_url` name the clip beside it. The directory gets each clip when it is verified and
/// `tasks.json` last; a run that fails or is cancelled takes away what it made.
package struct LocalRun: Sendable {
    private let source: LocalSource
    private let directory: String
    private let producerCount: Int?
    private let coreCount: Int
    private let replacesFiles: Bool
    private let settings: PipelineSettings

    /// - Parameters:
    ///   - directory: where the clips go; made where there is none.
    ///   - producerCount: clips that are made side by side, at least 1; `nil` chooses for `coreCount` cores.
    ///   - replacesFiles: whether files of the same names give way.
    package init(
        source: LocalSource, directory: String, producerCount: Int?, coreCount: Int, replacesFiles: Bool,
        settings: PipelineSettings
    ) {
        self.source = source
        self.directory = directory
        self.producerCount = producerCount
        self.coreCount = coreCount
        self.replacesFiles = replacesFiles
        self.settings = settings
    }

    package static let taskFileName = "tasks.json"

    /// What happens during a run, told on the thread of whoever did it.
    package enum Event: Sendable {
        /// The source is indexed and making begins.
        case begun(JobProgress)
        case frameWritten(JobProgress)
        /// A clip has its name.
        case clipFinished(fileName: String, frameCount: Int, JobProgress)
    }

    /// What a run made.
    package struct Outcome: Hashable, Sendable {
        package let plan: PlanSummary
        package let damagedFrames: Int
    }

    /// Does all the work.
    ///
    /// - Throws: `MediaError`, or ``LocalFailure`` for what is wrong with a file's size or the directory. Both describe
    ///   themselves in a sentence.
    package func run(_ report: @escaping @Sendable (Event) -> Void) async throws -> Outcome {
        let file = try SourceFile.open(self.source.path, settings: self.settings)
        let open = try await OpenSource(
            indexing: file, frameRate: self.source.frameRate, framesPerTask: self.source.framesPerTask,
            settings: self.settings)
        let folder = try ClipFolder(at: self.directory)
        let clips = LocalClips(of: open, named: VideoName(path: self.source.path), in: folder)
        try clips.makeRoom(replacingFiles: self.replacesFiles)
        let producerCount = self.producerCount(for: open.plan)
        let counts = ClipCounts(of: open.plan, producerCount: producerCount)
        do {
            try await self.makeAll(clips, by: producerCount, counts, report)
            if self.replacesFiles { clips.removeSurplus() }
            try clips.writeTasks(counts.facts.compactMap { $0 }, createdAt: Date())
        } catch {
            clips.remove(counts.finishedClips)
            throw error
        }
        return Outcome(
            plan: open.summary, damagedFrames: counts.facts.reduce(0) { $0 + ($1?.damagedFrames ?? 0) })
    }

    private func producerCount(for plan: SamplingPlan) -> Int {
        guard let producerCount = self.producerCount else {
            return ClipPartition.producerCount(clipCount: plan.clipCount, coreCount: self.coreCount)
        }
        return min(producerCount, plan.clipCount)
    }

    /// The first failure of a producer stops the others.
    private func makeAll(
        _ clips: LocalClips, by producerCount: Int, _ counts: ClipCounts, _ report: @escaping @Sendable (Event) -> Void
    ) async throws {
        report(.begun(counts.record(frames: 0, by: 0)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<producerCount {
                group.addTask {
                    let producer = number == 0 ? clips.source.producer : clips.source.anotherProducer()
                    while let index = counts.nextClip(for: number) {
                        let clip = clips.source.plan.clip(at: index)
                        let facts = try await clips.make(clip, with: producer) { frames in
                            report(.frameWritten(counts.record(frames: frames, by: number)))
                        }
                        let progress = counts.finish(clip, facts, by: number)
                        report(
                            .clipFinished(fileName: facts.objectKey, frameCount: clip.frameCount, progress))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// Why work on a file of this machine cannot be done, beside what the media and the system say.
package struct LocalFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// One plain sentence that names the file or directory.
    package let description: String

    init(_ description: String) { self.description = description }
}
