package import Domain
internal import Blocking
internal import FoundationEssentials
package import MongoStore

/// Turns requests into jobs.
///
/// Everything that can be told without decoding is checked here; the upload's document and the job say what was
/// accepted before the answer is sent.
///
/// Thread rule: any task may call it; of two requests for one upload at the same moment, one starts a run.
package struct RequestIntake: Sendable {
    private let database: AnnotationDatabase
    private let annotators: AnnotatorRegistry
    private let settings: PipelineSettings
    /// Looking at content blocks on its disk, which may be a network's.
    private let files = BlockingThreadPool(count: 2, label: "content")

    package init(database: AnnotationDatabase, annotators: AnnotatorRegistry, settings: PipelineSettings) {
        self.database = database
        self.annotators = annotators
        self.settings = settings
    }

    /// What became of a request.
    package enum Answer: Sendable {
        /// The job that does the work, new or not.
        case job(ProcessingJob)
        /// The work was done before.
        case tasks(of: ProcessingJob?)
        /// The same tasks were annotated before.
        case annotations(of: ProcessingJob?)
    }

    /// Accepts a request whose key was right.
    ///
    /// - Parameter fields: as they came.
    /// - Throws: ``IntakeRejection``, which the upload's document shows too where the backend would not see it
    ///   otherwise; `StoreError`.
    package func accept(fields: [String: String]) async throws -> Answer {
        do {
            try await self.database.prepareOnce()
            // Tasks alone need no list of the versions that there are.
            let asksForVersion = fields["request_type"] != "0"
            let versions = asksForVersion ? try await self.annotators.entries().map(\.version.number) : []
            return try await self.accept(try self.parameters(fields, versions: versions))
        } catch let rejection as IntakeRejection {
            if rejection.isShownOnUpload, let id = fields["upload_id"].flatMap(ObjectID.init) {
                try await self.show(rejection, onUpload: id)
            }
            throw rejection
        }
    }

    private func parameters(
        _ fields: [String: String], versions: [Int]
    ) throws(IntakeRejection) -> ProcessParameters {
        do throws(FieldErrors) {
            return try ProcessParameters(fields: fields, versions: versions)
        } catch {
            throw .badFields(error.errors)
        }
    }

    /// A rejection touches no upload that is being processed.
    private func show(_ rejection: IntakeRejection, onUpload id: ObjectID) async throws(StoreError) {
        if let latest = try await self.database.jobs.latest(ofUpload: id), latest.state.isLive { return }
        try await self.database.uploads.refuse(id, JobError(code: rejection.status, message: rejection.message))
    }

    private func accept(_ parameters: ProcessParameters) async throws -> Answer {
        let upload = try await self.upload(for: parameters)
        // A lost race for the run number means that the upload's latest job is another one now: decide again.
        for _ in 0..<Self.raceLimit {
            let latest = try await self.database.jobs.latest(ofUpload: parameters.uploadId)
            let producer = try await self.producingJob(latest)
            switch RequestDecision(for: parameters, latest: latest, producer: producer) {
            case .refuse(let reason):
                throw IntakeRejection.conflict(reason)
            case .join:
                if let latest { return .job(latest) }
            case .answerWithTasks:
                return parameters.requestType == .annotations ? .annotations(of: latest) : .tasks(of: producer)
            case .resume where parameters.requestType == .annotations:
                if let latest, let job = try await self.restart(latest) { return .job(job) }
            case .resume:
                try await self.checkContent(parameters)
                if let producer, let job = try await self.restart(producer) { return .job(job) }
            case .start where parameters.requestType == .annotations:
                try await self.checkTasks(parameters)
                if let job = try await self.start(parameters, upload: upload, after: latest) { return .job(job) }
            case .start, .replace:
                let isFirst = latest == nil && !parameters.forceWrite
                if isFirst, let answer = try await self.answerOfReplacedSystem(upload, parameters) { return answer }
                try await self.checkContent(parameters)
                // A first run replaces nothing.
                if !isFirst { try await self.checkHumanWork(parameters) }
                if let job = try await self.start(parameters, upload: upload, after: latest) { return .job(job) }
            }
        }
        throw IntakeRejection.busy
    }

    /// Lost races for one run number after which the request is rejected.
    private static let raceLimit = 20

    private func upload(for parameters: ProcessParameters) async throws -> Upload {
        guard let upload = try await self.database.uploads.find(parameters.uploadId) else {
            throw IntakeRejection.unknownUpload("There is no upload \(parameters.uploadId).")
        }
        guard try await self.database.projects.exists(parameters.projectId) else {
            throw IntakeRejection.unknownUpload("There is no project \(parameters.projectId).")
        }
        guard upload.projectId == parameters.projectId else {
            throw IntakeRejection.unknownUpload(
                "Upload \(parameters.uploadId) is not one of project \(parameters.projectId).")
        }
        return upload
    }

    /// The upload's latest job that made tasks.
    private func producingJob(_ latest: ProcessingJob?) async throws(StoreError) -> ProcessingJob? {
        guard let latest, latest.parameters.requestType == .annotations else { return latest }
        return try await self.database.jobs.latestProducingJob(ofUpload: latest.uploadId)
    }

    /// Tasks that an earlier system made for this upload, before it had a job of ours.
    private func answerOfReplacedSystem(_ upload: Upload, _ parameters: ProcessParameters) async throws -> Answer? {
        let hasTasks = try await self.database.tasks.exist(ofUpload: upload.id)
        guard hasTasks else { return nil }
        if upload.status == .completed, upload.frameRate ?? parameters.frameRate == parameters.frameRate,
            upload.requestType ?? parameters.requestType.rawValue == parameters.requestType.rawValue
        {
            return .tasks(of: nil)
        }
        throw IntakeRejection.conflict("The upload has tasks already; send force_write=1 to replace them.")
    }
}

// MARK: Content

extension RequestIntake {
    /// Bytes of a file name that leave room for `task-<n>-` in a name of a file system (255 bytes).
    private static let longestFileName = 200

    /// What a folder of images holds now; `nil` for every other upload. An archive is listed by a worker: its bytes are
    /// untrusted, and proven to be the same later.
    private func listImages(_ parameters: ProcessParameters) async throws(IntakeRejection) -> ImageList? {
        guard parameters.contentType == .images, parameters.requestType != .annotations else { return nil }
        let folder = ContentFolder(settings: self.settings)
        return try await self.files.run { (_) throws(IntakeRejection) in
            guard let path = folder.locateDirectory(parameters.contentPath) else { return nil }
            return try ImageFolder(path: path).list()
        }
    }

    private func checkContent(_ parameters: ProcessParameters) async throws(IntakeRejection) {
        try await self.files.run { (_) throws(IntakeRejection) in try self.lookAtContent(parameters) }
    }

    /// Blocks on the content folder's disk.
    private func lookAtContent(_ parameters: ProcessParameters) throws(IntakeRejection) {
        let path = parameters.contentPath
        let folder = ContentFolder(settings: self.settings)
        if parameters.contentType == .images {
            if folder.locateDirectory(path) != nil { return }
            guard path.lowercased().hasSuffix(".zip") else {
                throw .content("\(path) is neither a folder of images nor a .zip archive of them.")
            }
        }
        let allowed = self.settings.content.allowedExtensions
        let entry: ContentFolder.Entry
        do throws(ContentFolder.PathProblem) {
            entry = try folder.locate(path)
        } catch {
            switch error {
            case .outside:
                let message = "content_path must lead to a file inside the content folder."
                throw .badFields([FieldError(field: "content_path", message: message)])
            case .absent: throw .content("There is no file at \(path).")
            case .notAFile: throw .content("\(path) is not a regular file.")
            }
        }
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), allowed.contains(name[name.index(after: dot)...].lowercased()) else {
            throw .content("\(name) is none of the allowed kinds: \(allowed.joined(separator: ", ")).")
        }
        guard name.utf8.count <= Self.longestFileName else {
            throw .content("The file's name has \(name.utf8.count) bytes; at most \(Self.longestFileName) are allowed.")
        }
        guard entry.byteCount <= self.settings.content.maxFileByteCount else {
            let limit = self.settings.content.maxFileByteCount
            throw .content("\(name) has \(entry.byteCount) bytes; at most \(limit) are allowed.")
        }
    }

    /// Annotations need tasks; the source may be gone.
    private func checkTasks(_ parameters: ProcessParameters) async throws {
        let hasTasks = try await self.database.tasks.exist(ofUpload: parameters.uploadId)
        guard hasTasks else { throw IntakeRejection.content("The upload has no tasks that could be annotated.") }
    }

    /// Replacing tasks is refused before anything changes when people worked on them.
    private func checkHumanWork(_ parameters: ProcessParameters) async throws {
        guard !self.settings.content.forceWriteDiscardsHumanWork else { return }
        let work = try await self.database.tasks.humanWork(onUpload: parameters.uploadId)
        if let work { throw IntakeRejection.conflict("\(work) Nothing was changed.") }
    }
}

// MARK: Recording

extension RequestIntake {
    /// Records a new run; `nil` when another request was faster.
    private func start(
        _ parameters: ProcessParameters, upload: Upload, after latest: ProcessingJob?
    ) async throws -> ProcessingJob? {
        let queued = try await self.database.jobs.queuedCount()
        guard queued < self.settings.queueLimit else { throw IntakeRejection.queueFull(retryAfter: .seconds(30)) }
        let now = Date()
        let list = try await self.listImages(parameters)
        let job = ProcessingJob(
            id: ProcessingJob.newId(
                seconds: UInt32(truncatingIfNeeded: Int(now.timeIntervalSince1970)),
                random: .random(in: 0...UInt32.max)),
            runNumber: (latest?.runNumber ?? 0) + 1, parameters: parameters,
            framesPerTask: upload.framesPerTask.flatMap { $0 > 0 ? $0 : nil } ?? self.settings.content.framesPerTask,
            images: list?.images, skippedFiles: list?.skipped, createdAt: now)
        guard try await self.database.jobs.insert(job) else { return nil }
        try await self.database.enqueue(job)
        return job
    }

    /// Puts an ended job back into the queue; `nil` when another request was faster.
    private func restart(_ job: ProcessingJob) async throws -> ProcessingJob? {
        guard let restarted = try await self.database.jobs.restart(job) else { return nil }
        try await self.database.enqueue(restarted)
        return restarted
    }
}
