package import Domain
package import FoundationEssentials
package import MongoDriver

/// `ContentJob`: one document for each run. Every change is a compare-and-set on the state and the fence.
///
/// `pending` names the step that a crash could have left undone; the reconciler looks only at documents that have it.
package struct JobCollection: Sendable {
    let collection: MongoCollection

    init(_ database: MongoDatabase) {
        self.collection = database.collection(CollectionName.jobs)
    }

    private enum Pending: String {
        /// The upload or the queue does not know the job yet.
        case plan
        /// The upload does not know the end yet.
        case announcement
        /// Objects that were put but not published may be left.
        case tidying

        var value: BSONValue { .string(self.rawValue) }
    }

    /// The job of an upload; `nil` also for a job of another kind.
    package func find(_ id: ObjectID) async throws(StoreError) -> ProcessingJob? {
        try await self.collection.findOne(
            ["_id": .objectID(id), "kind": .string(JobKind.processContent.rawValue)], as: ProcessingJob.self)
    }

    /// The job of a dataset version; `nil` also for a job of another kind.
    package func findDataset(_ id: ObjectID) async throws(StoreError) -> DatasetJob? {
        try await self.collection.findOne(
            ["_id": .objectID(id), "kind": .string(JobKind.buildDataset.rawValue)], as: DatasetJob.self)
    }

    /// The version's job with the highest run number.
    package func latest(ofVersion id: ObjectID) async throws(StoreError) -> DatasetJob? {
        try await self.collection.findOne(
            Query(["versionId": .objectID(id)], sort: ["runNumber": -1]), as: DatasetJob.self)
    }

    /// A job of any kind.
    package func header(of id: ObjectID) async throws(StoreError) -> JobHeader? {
        try await self.collection.findOne(
            Query(["_id": .objectID(id)], projection: Self.withoutLists), as: JobHeader.self)
    }

    /// Jobs of any kind; without those that do not exist.
    package func headers(of ids: [ObjectID]) async throws(StoreError) -> [JobHeader] {
        try await self.collection.find(
            Query(["_id": ["$in": .array(ids.map(BSONValue.objectID))]], projection: Self.withoutLists),
            as: JobHeader.self)
    }

    /// The upload's job with the highest run number.
    package func latest(ofUpload id: ObjectID) async throws(StoreError) -> ProcessingJob? {
        try await self.collection.findOne(
            Query(["uploadId": .objectID(id)], sort: ["runNumber": -1]), as: ProcessingJob.self)
    }

    /// The latest job of the upload that made its tasks.
    package func latestProducingJob(ofUpload id: ObjectID) async throws(StoreError) -> ProcessingJob? {
        let makes: BSONDocument = ["parameters.requestType": ["$ne": .int(RequestType.annotations.rawValue)]]
        return try await self.collection.findOne(
            Query(makes.merging(["uploadId": .objectID(id)]), sort: ["runNumber": -1]), as: ProcessingJob.self)
    }

    /// The newest jobs that `which` lets through.
    ///
    /// - Parameter last: the last job of the page before; `nil` for the first page.
    package func newest(
        _ which: JobFilter, after last: ObjectID?, limit: Int
    ) async throws(StoreError) -> [JobHeader] {
        var filter: BSONDocument = [:]
        filter["uploadId"] = which.uploadId.map(BSONValue.objectID)
        filter["projectId"] = which.projectId.map(BSONValue.objectID)
        filter["kind"] = which.kind.map { .string($0.rawValue) }
        filter["state"] = which.state.map { .string($0.rawValue) }
        if let last { filter["_id"] = ["$lt": .objectID(last)] }
        return try await self.collection.find(
            Query(filter, projection: Self.withoutLists, sort: ["_id": -1], limit: limit), as: JobHeader.self)
    }

    /// What a header needs: lists of up to 50,000 images or tasks stay in the database.
    private static let withoutLists: BSONDocument = ["images": 0, "taskIds": 0]

    /// Records a new job; `false` when another request took the run number.
    package func insert(_ job: some QueuedJob) async throws(StoreError) -> Bool {
        do {
            var document = try BSONDocument(encoding: job)
            document["pending"] = Pending.plan.value
            try await self.collection.insertOne(document)
            return true
        } catch  where error.code == .duplicateKey {
            return false
        }
    }

    package func queuedCount() async throws(StoreError) -> Int {
        try await self.collection.count(["state": .string(JobState.queued.rawValue)])
    }
}

// MARK: Changes of state

extension JobCollection {
    /// Notes that a worker is at the job; `false` when the job has ended.
    package func start(_ job: some QueuedJob) async throws(StoreError) -> Bool {
        let outcome = try await self.collection.updateOne(
            Self.live(job),
            [
                "$set": ["state": .string(JobState.running.rawValue)], "$unset": ["error": ""],
                "$currentDate": ["dates.processing": true],
            ])
        return outcome.matchedCount == 1
    }

    /// Keeps what the source is and what will be made of it; `false` when the job has ended.
    package func record(
        _ source: JobSource, _ plan: PlanSummary, images: [JobImage]? = nil,
        skippedFiles: SkippedFiles? = nil, deinterlaces: Bool? = nil, of job: ProcessingJob
    ) async throws(StoreError) -> Bool {
        var fields: BSONDocument = [
            "source": .document(try BSONDocument(encoding: source)),
            "plan": .document(try BSONDocument(encoding: plan)),
        ]
        if let images {
            fields["images"] = .array(
                try images.map { (image) throws(StoreError) in .document(try BSONDocument(encoding: image)) })
        }
        if let skippedFiles { fields["skippedFiles"] = .document(try BSONDocument(encoding: skippedFiles)) }
        fields["deinterlaces"] = deinterlaces.map(BSONValue.bool)
        return try await self.collection.updateOne(Self.live(job), ["$set": .document(fields)]).matchedCount == 1
    }

    /// Keeps which tasks will be annotated; `false` when the job has ended.
    package func record(
        _ taskIds: [ObjectID], _ plan: PlanSummary, of job: ProcessingJob
    ) async throws(StoreError) -> Bool {
        let fields: BSONDocument = [
            "taskIds": .array(taskIds.map(BSONValue.objectID)), "plan": .document(try BSONDocument(encoding: plan)),
        ]
        return try await self.collection.updateOne(Self.live(job), ["$set": .document(fields)]).matchedCount == 1
    }

    /// Keeps what a dataset's build consists of; `false` when the job has ended.
    package func record(
        _ plan: PlanSummary, tasks: [ObjectID], trainingName: String?, of job: DatasetJob
    ) async throws(StoreError) -> Bool {
        var fields: BSONDocument = [
            "plan": .document(try BSONDocument(encoding: plan)), "taskIds": .array(tasks.map(BSONValue.objectID)),
        ]
        if let trainingName { fields["trainingName"] = .string(trainingName) }
        return try await self.collection.updateOne(Self.live(job), ["$set": .document(fields)]).matchedCount == 1
    }

    func markProcessed(_ job: some QueuedJob) async throws(StoreError) {
        try await self.collection.updateOne(Self.live(job), ["$currentDate": ["dates.processed": true]])
    }

    /// Ends the job; `nil` when it had ended before, so that one caller alone continues.
    func end(
        _ job: some QueuedJob, as state: JobState, _ error: JobError?
    ) async throws(StoreError) -> JobHeader? {
        var fields: BSONDocument = ["state": .string(state.rawValue), "pending": Pending.announcement.value]
        if let error { fields["error"] = .document(try BSONDocument(encoding: error)) }
        let date = state == .succeeded ? "dates.finished" : "dates.interrupted"
        let document = try await self.collection.findAndModify(
            Query(Self.live(job)), ["$set": .document(fields), "$currentDate": [date: true]])
        return try document.map { (document) throws(StoreError) in
            try document.decoded(as: JobHeader.self)
        }
    }

    /// Puts an ended job back into the queue under a higher fence; `nil` when another request was faster.
    package func restart<Job: QueuedJob>(_ job: Job) async throws(StoreError) -> Job? {
        let document = try await self.collection.findAndModify(
            Query([
                "_id": .objectID(job.id), "fence": .int(job.fence), "state": .string(job.state.rawValue),
            ]),
            [
                "$set": [
                    "state": .string(JobState.queued.rawValue), "announced": false, "pending": Pending.plan.value,
                ],
                "$inc": ["fence": 1], "$unset": ["error": ""], "$currentDate": ["dates.created": true],
            ])
        return try document.map { (document) throws(StoreError) in
            try document.decoded(as: Job.self)
        }
    }

    private static func live(_ job: some QueuedJob) -> BSONDocument {
        [
            "_id": .objectID(job.id), "fence": .int(job.fence),
            "state": ["$in": .array(JobState.live.map { .string($0.rawValue) })],
        ]
    }
}

// MARK: Counts

extension JobCollection {
    /// Adds a part to those that are done, and returns how many there are now; none when the job has ended or was
    /// started again, which counts anew.
    func countPart(of job: some QueuedJob, frames: Int) async throws(StoreError) -> JobCounts {
        let document = try await self.collection.findAndModify(
            Query(Self.live(job), projection: ["counts": 1]),
            ["$inc": ["counts.parts": 1, "counts.frames": .int(frames)]])
        return Self.counts(document)
    }

    func setCounts(_ counts: JobCounts, of job: some QueuedJob) async throws(StoreError) {
        try await self.collection.updateOne(Self.live(job), ["$set": .document(Self.fields(counts))])
    }

    /// - Parameter runningFrames: of the part that the caller is at.
    package func progress(of job: JobHeader, runningFrames: Int) async throws(StoreError) -> JobProgress {
        let document = try await self.collection.findOne(
            Query(["_id": .objectID(job.id)], projection: ["counts": 1]))
        return JobProgress(Self.counts(document), runningFrames: runningFrames, of: job.plan)
    }

    private static func counts(_ document: BSONDocument?) -> JobCounts {
        let counts = document?["counts"]?.documentValue
        return JobCounts(parts: counts?["parts"]?.intValue ?? 0, frames: counts?["frames"]?.intValue ?? 0)
    }

    private static func fields(_ counts: JobCounts) -> BSONDocument {
        ["counts.parts": .int(counts.parts), "counts.frames": .int(counts.frames)]
    }
}

// MARK: Steps that a crash can leave undone

extension JobCollection {
    func markPlanned(_ job: some QueuedJob) async throws(StoreError) {
        try await self.finish(.plan, of: job, ["$unset": ["pending": ""]])
    }

    /// What is left after the announcement: a job that ended badly may have put objects that nobody sees.
    func markAnnounced(_ job: some QueuedJob, counts: JobCounts) async throws(StoreError) {
        var fields = Self.fields(counts)
        fields["announced"] = true
        if job.state == .succeeded {
            try await self.finish(
                .announcement, of: job, ["$set": .document(fields), "$unset": ["pending": ""]])
        } else {
            fields["pending"] = Pending.tidying.value
            try await self.finish(.announcement, of: job, ["$set": .document(fields)])
        }
    }

    package func markTidied(_ job: some QueuedJob) async throws(StoreError) {
        try await self.finish(.tidying, of: job, ["$unset": ["pending": ""]])
    }

    package func unplanned(before date: Date) async throws(StoreError) -> [JobHeader] {
        try await self.pending(.plan, ["dates.created": ["$lt": .date(date)]])
    }

    package func unannounced() async throws(StoreError) -> [JobHeader] { try await self.pending(.announcement) }

    package func untidied() async throws(StoreError) -> [JobHeader] { try await self.pending(.tidying) }

    private func finish(_ step: Pending, of job: some QueuedJob, _ update: Update) async throws(StoreError) {
        try await self.collection.updateOne(
            ["_id": .objectID(job.id), "fence": .int(job.fence), "pending": step.value], update)
    }

    /// A hundred of them, the oldest: what is left comes with the next look, some seconds later.
    private func pending(_ step: Pending, _ filter: BSONDocument = [:]) async throws(StoreError) -> [JobHeader] {
        try await self.collection.find(
            Query(
                filter.merging(["pending": step.value]), projection: Self.withoutLists, sort: ["_id": 1], limit: 100),
            as: JobHeader.self)
    }
}
