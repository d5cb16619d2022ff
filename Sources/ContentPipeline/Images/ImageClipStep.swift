internal import Domain
internal import FrameKit
internal import MongoStore

/// Makes one clip of images and publishes it, with the images as they were uploaded beside it.
///
/// A reader sees all of a clip or nothing. May be repeated from any point: bytes, keys and ids are the same each time.
struct ImageClipStep: Sendable {
    let job: ProcessingJob
    let item: WorkItem
    let index: Int
    let context: WorkContext
    let sources: SourceCache

    func run(counting counter: FrameCounter) async throws {
        guard try await self.context.database.projects.exists(self.job.projectId) else { throw WorkFailure.uploadGone }
        let source = try self.sources.images(of: self.job)
        let clip = source.plan.clip(at: self.index)
        let scratch = ScratchFolder(work: self.context.settings.folders.work)
        let attempt = ScratchFolder.Attempt(item: self.item.id, fence: self.item.fence)
        let path = try scratch.makePath(for: attempt)
        defer { scratch.remove(attempt) }

        let annotation = try await self.context.annotators.annotation(for: self.job.parameters)
        let producer = ImageClipProducer(
            settings: self.context.settings.encoding, limits: self.context.settings.content.limits)
        let files = source.files(of: clip, scratch: scratch.folderPath(of: attempt))
        let observer: PictureObserver = { picture, _ in try await annotation?.show(picture) }
        let report: ImageClipProducer.Report = try await producer.make(
            clip, at: path, bytes: { (position) throws in try files.bytes(at: position) }, observer: observer,
            progress: { counter.set($0) })
        self.context.meter.add(report.cost)
        try Self.checkSomeImage(report, of: source)
        let publication = ClipPublication(job: self.job, item: self.item, context: self.context)
        let key = try await publication.put(path, clip: clip, byteCount: try scratch.byteCount(of: attempt))
        let originals = try await OriginalObjects(
            job: self.job, clip: clip.index, clipKey: key, context: self.context
        ).put(report.intactPositions) { position in
            try await producer.onOwnThread { try files.bytes(at: position) }
        }
        let facts = ClipFacts(
            report.clip, objectKey: key, annotationVersion: self.job.parameters.autoAnnotationVersion,
            images: clip.positions.enumerated().map { number, position in
                TaskImage(
                    name: source.images[Int(position)].name, report.places[number], report.problems[number],
                    originals[number])
            },
            skippedFiles: source.skippedFiles)
        let boxes = try await annotation?.finish() ?? []
        try await publication.publish(clip, source.timeline, facts, boxes)
    }

    /// An upload of one clip in which nothing can be seen is no upload of images.
    private static func checkSomeImage(_ report: ImageClipProducer.Report, of source: ImageSource) throws(WorkFailure) {
        guard source.plan.clipCount == 1, report.places.allSatisfy({ $0 == nil }) else { return }
        let first = source.images.first?.name ?? ""
        let reason = report.problems.first.flatMap { $0 } ?? ""
        throw WorkFailure.permanent(422, "None of the images can be shown. \(first): \(reason)")
    }
}

extension TaskImage {
    fileprivate init(name: String, _ place: ImagePlacement?, _ problem: String?, _ original: OriginalImage?) {
        self.init(
            name: name, width: place?.width ?? 0, height: place?.height ?? 0, x: place?.x ?? 0, y: place?.y ?? 0,
            scale: place?.scale ?? 1, problem: problem, original: original)
    }
}
