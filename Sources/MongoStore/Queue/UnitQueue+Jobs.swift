package import Annotation
internal import FoundationEssentials

/// What happens to the units of a whole job.
extension UnitQueue {
    /// Puts the job's first unit into the queue; harmless when it is there.
    func insertPlan(of job: ProcessingJob) async throws(StoreError) {
        try await self.insert([JobUnit(.plan, of: job, createdAt: job.dates.created)])
    }

    /// Puts the clips and the finish into the queue; harmless for those that are there.
    package func insert(clipCount: Int, of job: ProcessingJob) async throws(StoreError) {
        let works = (0..<clipCount).map { JobUnit.Work.clip(index: $0) } + [.finish]
        try await self.insert(works.map { JobUnit($0, of: job, createdAt: job.dates.created) })
    }

    private func insert(_ units: [JobUnit]) async throws(StoreError) {
        var documents: [BSONDocument] = []
        for unit in units { documents.append(try BSONEncoder().encode(unit)) }
        try await self.collection.insertMany(documents)
    }

    /// Takes everything that is not done out of the queue. Workers that are at it find their fence gone; their
    /// leases are kept as `formerLease` until they say that they have stopped, or until it has passed.
    func stopAll(of job: ProcessingJob) async throws(StoreError) {
        try await self.stop(["jobId": .objectID(job.id), "lease": ["$exists": true]])
    }

    /// As ``stopAll(of:)`` for one unit.
    package func stop(_ unit: JobUnit) async throws(StoreError) {
        try await self.stop(["_id": .objectID(unit.id), "fence": .int(unit.fence), "lease": ["$exists": true]])
    }

    private func stop(_ filter: BSONDocument) async throws(StoreError) {
        try await self.collection.updateMany(
            filter,
            [
                "$set": ["state": .stopped], "$inc": ["fence": 1], "$rename": ["lease": "formerLease"],
            ])
    }

    /// Puts what was stopped back into the queue, with all its attempts.
    func restart(of job: ProcessingJob) async throws(StoreError) {
        try await self.collection.updateMany(
            ["jobId": .objectID(job.id), "state": .stopped],
            [
                "$set": [
                    "state": .waiting, "attempts": 0, "losses": 0, "lease": ["until": .date(job.dates.created)],
                ],
                "$unset": ["formerLease": "", "error": ""],
            ])
    }

    /// Makes clips again whose objects turned out to be wrong; each counts as a failed attempt.
    package func reopen(clips: [Int], of job: ProcessingJob) async throws(StoreError) {
        let error = JobError(code: 500, message: "The stored clip was not what had been written; it is made again.")
        try await self.collection.updateMany(
            [
                "jobId": .objectID(job.id), "clip": ["$in": .array(clips.map(BSONValue.int))], "state": .done,
            ],
            [
                "$set": [
                    "state": .waiting, "lease": ["until": .date(job.dates.created)],
                    "error": .document(try BSONEncoder().encode(error)),
                ],
                "$inc": ["attempts": 1],
            ])
    }

    /// How far the job's clips are, the running ones included.
    package func progress(of job: ProcessingJob) async throws(StoreError) -> JobProgress {
        let isDone: BSONValue = ["$cond": [["$eq": ["$state", .done]], 1, 0]]
        let groups = try await self.collection.aggregate([
            ["$match": ["jobId": .objectID(job.id), "kind": .string(JobUnit.Kind.clip.rawValue)]],
            ["$group": ["_id": nil, "clips": ["$sum": isDone], "frames": ["$sum": "$framesDone"]]],
        ])
        return JobProgress(
            clipsDone: groups.first?["clips"]?.intValue ?? 0, clipCount: job.plan?.clipCount ?? 0,
            framesDone: groups.first?["frames"]?.intValue ?? 0, frameCount: job.plan?.frameCount ?? 0)
    }

    /// Why the last attempt at one of the job's open units failed; `nil` when none did.
    package func lastError(of job: ProcessingJob) async throws(StoreError) -> JobError? {
        let document = try await self.collection.findOne(
            Query(
                ["jobId": .objectID(job.id), "lease": ["$exists": true], "error": ["$exists": true]],
                projection: ["error": 1]))
        guard let error = document?["error"]?.documentValue else { return nil }
        return try BSONDecoder().decode(JobError.self, from: error)
    }

    /// The indexes of the clips that are done.
    func finishedClips(of job: ProcessingJob) async throws(StoreError) -> Set<Int> {
        let documents = try await self.collection.find(
            Query(
                ["jobId": .objectID(job.id), "kind": .string(JobUnit.Kind.clip.rawValue), "state": .done],
                projection: ["clip": 1]))
        return Set(documents.compactMap { $0["clip"]?.intValue })
    }
}

// MARK: Workers of ended jobs

extension UnitQueue {
    /// A worker says that it has stopped: what it was at can be replaced at once.
    package func acknowledgeStop(by owner: String) async throws(StoreError) {
        try await self.collection.updateMany(
            ["formerLease.owner": .string(owner)], ["$unset": ["formerLease": ""]])
    }

    /// Whether workers may still be at other runs of the job's upload.
    package func hasOtherWorkers(onUploadOf job: ProcessingJob) async throws(StoreError) -> Bool {
        try await self.hasWorkers(["uploadId": .objectID(job.uploadId), "jobId": ["$ne": .objectID(job.id)]])
    }

    /// Whether workers may still be at this ended job.
    package func hasWorkers(on job: ProcessingJob) async throws(StoreError) -> Bool {
        try await self.hasWorkers(["jobId": .objectID(job.id)])
    }

    private func hasWorkers(_ filter: BSONDocument) async throws(StoreError) -> Bool {
        let isAlive: BSONDocument = [
            "formerLease.owner": ["$exists": true], "$expr": ["$gt": ["$formerLease.until", "$$NOW"]],
        ]
        return try await self.collection.findOne(Query(filter.merging(isAlive), projection: ["_id": 1])) != nil
    }
}
