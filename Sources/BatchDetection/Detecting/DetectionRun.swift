internal import Blocking
internal import Domain
internal import FoundationEssentials
package import FrameKit
internal import ObjectStore

/// Looks at all photos of a collection and writes the report. A run that was interrupted can be resumed: the report has
/// the same bytes as if nothing had happened.
package struct DetectionRun: Sendable {
    /// What is known while a run goes on.
    package struct Progress: Hashable, Sendable {
        package let done: Int
        package let failed: Int
        package let total: Int
        /// Photos that an earlier run has done: they say nothing of this run's pace.
        package let resumed: Int

        package init(done: Int, failed: Int, total: Int, resumed: Int) {
            self.done = done
            self.failed = failed
            self.total = total
            self.resumed = resumed
        }
    }

    /// What to do about an earlier run that was not completed, and about an output that is there.
    package enum Start: Sendable {
        case fresh
        case resume
        /// Continues a run whose process died by itself a moment ago: one of the photos may be the reason.
        case resumeAfterCrash
        /// Removes both.
        case replace
    }

    private let collection: PhotoCollection
    private let detector: PhotoDetector
    private let about: ReportAbout
    private let limits: MediaLimits
    private let output: String
    private let decoderCount: Int

    /// - Parameters:
    ///   - output: path of the zip archive.
    ///   - decoderCount: photos that are decoded side by side.
    package init(
        _ collection: PhotoCollection, _ detector: PhotoDetector, about: ReportAbout, limits: MediaLimits,
        output: String, decoderCount: Int
    ) {
        self.collection = collection
        self.detector = detector
        self.about = about
        self.limits = limits
        self.output = output
        self.decoderCount = decoderCount
    }

    /// The file that grows whenever a run for `output` gets on.
    package static func journal(for output: String) -> String { RunFolder.journal(in: RunFolder.path(for: output)) }

    /// Runs to the end.
    ///
    /// - Parameter show: called after each group of photos.
    /// - Throws: ``BatchError``, `EngineError`, and errors of the file system; what is done so far can be resumed.
    package func run(_ start: Start, _ show: @Sendable (Progress) -> Void) async throws -> ReportCounts {
        var isFolder = false
        let exists = FileManager.default.fileExists(atPath: self.output, isDirectory: &isFolder)
        guard !isFolder else { throw BatchError("\(self.output) is a folder; --output names the report's file.") }
        if start != .replace, exists {
            throw BatchError("\(self.output) exists; name another --output, or replace it with --force.")
        }
        let folder = try await RunFolder.open(for: self.output)
        let journal = try self.openJournal(start, in: folder)
        let work = GroupWork(
            collection: self.collection, detector: self.detector, limits: self.limits, folder: folder,
            drawsBoxes: self.about.inclusion, journal: BlockingThreadPool(count: 1, label: "journal") { journal },
            readers: BlockingThreadPool(count: 1, label: "photos") { PhotoReader(self.collection) },
            decoders: BlockingThreadPool(count: self.decoderCount, label: "decoding") {
                self.detector.makeInputReader()
            })
        try await self.detect(work, show)
        return try await work.journal.run { journal in
            try ReportArchive(collection: self.collection, about: self.about, folder: folder)
                .write(journal, to: self.output)
        }
    }

    private func openJournal(_ start: Start, in folder: RunFolder) throws -> Journal {
        let header = Journal.Header(
            annotator: self.about.annotatorText, photos: try self.listDigest(),
            imagesIncluded: self.about.inclusion.rawValue)
        switch start {
        case .resume where folder.hasJournal, .resumeAfterCrash where folder.hasJournal:
            return try Journal.resume(at: folder.journal, header, isAfterCrash: start == .resumeAfterCrash)
        case .fresh where folder.hasJournal:
            throw BatchError(
                "An earlier run for \(self.output) was not completed: --resume continues it, --force begins anew.")
        case .fresh, .resume, .resumeAfterCrash, .replace: return try Journal.begin(at: folder.journal, header)
        }
    }

    private func listDigest() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let list = try encoder.encode(self.collection.photos) + encoder.encode(self.collection.stamps)
        return ContentDigest.sha256(of: [UInt8](list))
    }

    /// One group is prepared while the engine looks at the one before.
    private func detect(_ work: GroupWork, _ show: @Sendable (Progress) -> Void) async throws {
        let groups = try await work.openGroups()
        var progress = try await work.progress(resumed: nil)
        let resumed = progress.done
        show(progress)
        guard let first = groups.first else { return }
        var prepared = try await work.prepare(first)
        for number in groups.indices {
            try Task.checkCancellation()
            async let next = number + 1 < groups.count ? work.prepare(groups[number + 1]) : []
            let found = try await self.detector.detect(in: prepared.map(\.input))
            try await work.record(zip(prepared, found).map { $0.photo.result($1) }, prepared)
            progress = try await work.progress(resumed: resumed)
            show(progress)
            prepared = try await next
        }
    }
}

extension DetectionRun.Start: Equatable {}
