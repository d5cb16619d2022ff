package import Domain
internal import FoundationEssentials
package import MongoDriver

/// What happens to the work items of a whole job.
extension WorkQueue {
    /// Puts the job's first work item into the queue; harmless when it is there.
    func insertPlan(of job: some QueuedJob) async throws(StoreError) {
        let startTime = VirtualStartTime(
            ofJobAfter: try await self.startTime(
                "jobTurn",
                of: Query(
                    ["shareId": .objectID(job.shareId), "lease": ["$exists": true]], sort: ["jobTurn": -1],
                    hint: IndexDefinition.byShare.name)),
            present: try await self.startTime("turn", of: Self.available()))
        try await self.insert([WorkItem(.plan, of: job, startTime: startTime)])
    }

    private func startTime(_ field: String, of query: Query) async throws(StoreError) -> VirtualStartTime? {
        try await self.collection.findOne(query)?[field]?.intValue.map { VirtualStartTime($0) }
    }

    /// Puts the parts and the finish into the queue; harmless for those that are there.
    ///
    /// - Parameter plan: the job's first work item.
    package func insert(_ summary: PlanSummary, of job: some QueuedJob, after plan: WorkItem) async throws(StoreError) {
        let works = (0..<summary.partCount).map { WorkItem.Work.part(index: $0) } + [.finish]
        try await self.insert(
            works.map { WorkItem($0, of: job, startTime: plan.jobStartTime, partCount: summary.partCount) })
    }

    private func insert(_ items: [WorkItem]) async throws(StoreError) {
        var documents: [BSONDocument] = []
        for item in items { documents.append(try BSONDocument(encoding: item)) }
        try await self.collection.insertMany(documents)
    }

    /// Takes everything that is not done out of the queue. Workers that are at it find their fence gone; their
    /// leases are kept as `formerLease` until they say that they have stopped, or until it has passed.
    func stopAll(of job: some QueuedJob) async throws(StoreError) {
        try await self.stop(["jobId": .objectID(job.id), "lease": ["$exists": true]])
    }

    /// As ``stopAll(of:)`` for one work item.
    package func stop(_ item: WorkItem) async throws(StoreError) {
        try await self.stop(["_id": .objectID(item.id), "fence": .int(item.fence), "lease": ["$exists": true]])
    }

    private func stop(_ filter: BSONDocument) async throws(StoreError) {
        try await self.collection.updateMany(
            filter,
            [
                "$set": ["state": .stopped], "$inc": ["fence": 1], "$rename": ["lease": "formerLease"],
            ])
    }

    /// Puts what was stopped back into the queue, with all its attempts.
    func restart(of job: some QueuedJob) async throws(StoreError) {
        try await self.collection.updateMany(
            ["jobId": .objectID(job.id), "state": .stopped],
            [
                "$set": [
                    "state": .waiting, "attempts": 0, "losses": 0, "lease": ["until": .date(job.dates.created)],
                ],
                "$unset": ["formerLease": "", "error": "", "troubledSince": ""],
            ])
    }

    /// Makes parts again whose objects turned out to be wrong; each counts as a failed attempt.
    package func reopen(parts: [Int], of job: some QueuedJob) async throws(StoreError) {
        let error = JobError(code: 500, message: "The stored object was not what had been written; it is made again.")
        try await self.collection.updateMany(
            [
                "jobId": .objectID(job.id), "piece": ["$in": .array(parts.map(BSONValue.int))], "state": .done,
            ],
            [
                "$set": [
                    "state": .waiting, "lease": ["until": .date(job.dates.created)],
                    "error": .document(try BSONDocument(encoding: error)),
                ],
                "$inc": ["attempts": 1],
            ])
    }

    /// How far the job's parts are, the running ones included.
    package func progress(of job: JobHeader) async throws(StoreError) -> JobProgress {
        try await self.progress(of: [job])[job.id] ?? JobProgress(job.counts ?? .zero, of: job.plan)
    }

    /// The same for each of some jobs. What is done has been counted; only the few running parts are looked at.
    package func progress(of jobs: [JobHeader]) async throws(StoreError) -> [ObjectID: JobProgress] {
        let running = try await self.sums(ofPartsIn: .running, of: jobs)
        return Dictionary(
            jobs.map { job in
                let runningFrames = running[job.id]?.frames ?? 0
                return (job.id, JobProgress(job.counts ?? .zero, runningFrames: runningFrames, of: job.plan))
            }
        ) { $1 }
    }

    /// Counts the parts that are done, all of them: for the end of a job.
    func countDoneParts(of job: some QueuedJob) async throws(StoreError) -> JobCounts {
        try await self.sums(ofPartsIn: .done, of: [job])[job.id] ?? .zero
    }

    private func sums(ofPartsIn state: BSONValue, of jobs: [some QueuedJob]) async throws(StoreError)
        -> [ObjectID: JobCounts]
    {
        let groups = try await self.collection.aggregate([
            ["$match": ["jobId": Self.oneOf(jobs), "kind": .part, "state": state]],
            ["$group": ["_id": "$jobId", "pieces": ["$sum": 1], "frames": ["$sum": "$framesDone"]]],
        ])
        var sums: [ObjectID: JobCounts] = [:]
        for group in groups {
            guard let job = group["_id"]?.objectIDValue else { continue }
            sums[job] = JobCounts(parts: group["pieces"]?.intValue ?? 0, frames: group["frames"]?.intValue ?? 0)
        }
        return sums
    }

    /// Whether every part of the job is done.
    func isEveryPartDone(of job: some QueuedJob) async throws(StoreError) -> Bool {
        let undone: BSONDocument = [
            "jobId": .objectID(job.id), "kind": .part, "state": ["$in": [.waiting, .running, .stopped]],
        ]
        return try await self.collection.findOne(Query(undone, projection: ["_id": 1])) == nil
    }

    /// What attempts at one of the job's open work items have failed with, the one that fails longest; `nil` when none
    /// did.
    package func stall(of job: some QueuedJob) async throws(StoreError) -> JobStall? {
        try await self.stalls(of: [job])[job.id]
    }

    /// The same for each of some jobs; without those where none did.
    package func stalls(of jobs: [some QueuedJob]) async throws(StoreError) -> [ObjectID: JobStall] {
        let groups = try await self.collection.aggregate([
            ["$match": ["jobId": Self.oneOf(jobs), "lease": ["$exists": true], "error": ["$exists": true]]],
            ["$sort": ["troubledSince": 1]],
            [
                "$group": [
                    "_id": "$jobId", "error": ["$first": "$error"], "troubledSince": ["$first": "$troubledSince"],
                ]
            ],
        ])
        var stalls: [ObjectID: JobStall] = [:]
        for group in groups {
            guard let job = group["_id"]?.objectIDValue else { continue }
            stalls[job] = try group.decoded(as: JobStall.self)
        }
        return stalls
    }

    private static func oneOf(_ jobs: [some QueuedJob]) -> BSONValue {
        ["$in": .array(jobs.map { .objectID($0.id) })]
    }

    /// The indexes of the parts that are done.
    func finishedParts(of job: some QueuedJob) async throws(StoreError) -> Set<Int> {
        Set(try await self.parts(of: job.id, in: .done))
    }
}

// MARK: Workers of ended jobs

extension WorkQueue {
    /// A worker says that it has stopped: what it was at can be replaced at once.
    package func acknowledgeStop(by owner: String) async throws(StoreError) {
        try await self.collection.updateMany(
            ["formerLease.owner": .string(owner)], ["$unset": ["formerLease": ""]])
    }

    /// Whether workers may still be at other runs for the job's subject.
    package func hasOtherWorkers(onSubjectOf job: some QueuedJob) async throws(StoreError) -> Bool {
        try await self.hasWorkers(["subjectId": .objectID(job.subjectId), "jobId": ["$ne": .objectID(job.id)]])
    }

    /// Whether workers may still be at this ended job.
    package func hasWorkers(on job: some QueuedJob) async throws(StoreError) -> Bool {
        try await self.hasWorkers(["jobId": .objectID(job.id)])
    }

    private func hasWorkers(_ filter: BSONDocument) async throws(StoreError) -> Bool {
        let isAlive: BSONDocument = [
            "formerLease.owner": ["$exists": true], "$expr": ["$gt": ["$formerLease.until", "$$NOW"]],
        ]
        return try await self.collection.findOne(Query(filter.merging(isAlive), projection: ["_id": 1])) != nil
    }
}
