package import Domain
package import MongoDriver

/// `ContentJobUnit`: the queue, one document for each work item.
///
/// Taking, renewing and settling are single atomic updates. Lease times are the server's (`$$NOW`), so the clocks of
/// machines do not matter; whoever writes names the fence that it was given, so a worker that was paused past its
/// lease changes nothing.
package struct WorkQueue: Sendable {
    let collection: MongoCollection

    init(_ database: MongoDatabase) {
        self.collection = database.collection(CollectionName.workItems)
    }

    /// Takes a work item whose lease or backoff is over; `nil` when there is none.
    ///
    /// The part after the worker's last one comes first, for as long as fairness allows. Otherwise the worker takes a part
    /// of the first job in the queue, from the middle of the longest stretch that no other worker is approaching.
    ///
    /// - Parameters:
    ///   - kinds: the kinds of jobs that the worker can do.
    ///   - affinity: what the worker has done last.
    package func take(
        by owner: String, lease: Duration, of kinds: Set<JobKind> = Set(JobKind.allCases),
        after affinity: JobAffinity? = nil
    ) async throws(StoreError) -> WorkItem? {
        var next = affinity?.last.next
        if let id = next, affinity?.isLong == false {
            if let item = try await self.take(id, of: kinds, by: owner, lease: lease) { return item }
            next = nil
        }
        guard let first = try await self.collection.findOne(Self.available(kinds)) else { return nil }
        let item = try first.decoded(as: WorkItem.self)
        // After a long affinity the job continues when nothing else waits before it.
        if let next, item.jobId == affinity?.last.jobId,
            let item = try await self.take(next, of: kinds, by: owner, lease: lease)
        {
            return item
        }
        if let item = try await self.take(try await self.choose(near: item), of: kinds, by: owner, lease: lease) {
            return item
        }
        // Another worker was faster; whatever is first now will do.
        return try await self.take(nil, of: kinds, by: owner, lease: lease)
    }

    /// The work item to begin with when `first` is the first in the queue.
    private func choose(near first: WorkItem) async throws(StoreError) -> ObjectID {
        // A part whose worker was lost comes at once.
        guard first.kind == .part, first.state == .waiting, let part = first.part else { return first.id }
        let start = ClipChoice.start(
            waiting: try await self.waitingRuns(of: first.jobId),
            running: Set(try await self.parts(of: first.jobId, in: .running)))
        return start.map { ObjectID(seconds: first.id.seconds, unique: first.id.unique + UInt64($0 - part)) }
            ?? first.id
    }

    /// Parts that a worker chooses from; of a longer job the rest comes later.
    private static let choiceLimit = 4096

    /// The first parts of a job that wait, as runs of indexes that follow each other.
    private func waitingRuns(of job: ObjectID) async throws(StoreError) -> [Range<Int>] {
        let parts = try await self.parts(of: job, in: .waiting, limit: Self.choiceLimit)
        return parts.reduce(into: []) { runs, part in
            if let last = runs.last, last.upperBound == part {
                runs[runs.count - 1] = last.lowerBound..<part + 1
            } else {
                runs.append(part..<part + 1)
            }
        }
    }

    /// Indexes of parts in their order, from the index alone.
    func parts(of job: ObjectID, in state: BSONValue, limit: Int? = nil) async throws(StoreError) -> [Int] {
        let documents = try await self.collection.find(
            Query(
                ["jobId": .objectID(job), "kind": .part, "state": state], projection: ["_id": 0, "piece": 1],
                sort: ["piece": 1], limit: limit))
        return documents.compactMap { $0["piece"]?.intValue }
    }

    /// Takes the work item `id`, or the first one, in one atomic step.
    ///
    /// A work item that was still running has lost its worker, which counts in `losses`.
    private func take(
        _ id: ObjectID?, of kinds: Set<JobKind>, by owner: String, lease: Duration
    ) async throws(StoreError) -> WorkItem? {
        let wasRunning: BSONValue = ["$cond": [["$eq": ["$state", .running]], 1, 0]]
        var query = Self.available(kinds)
        if let id { query = Query(query.filter.merging(["_id": .objectID(id)])) }
        let document = try await self.collection.findAndModify(
            query,
            [
                [
                    "$set": [
                        "losses": ["$add": ["$losses", wasRunning]],
                        "takenOver": ["$eq": ["$state", .running]],
                        "state": .running,
                        "fence": ["$add": ["$fence", 1]],
                        "framesDone": 0,
                        "lease": ["owner": .string(owner), "until": Self.now(plus: lease)],
                    ]
                ]
            ])
        return try document.map { (document) throws(StoreError) in
            try document.decoded(as: WorkItem.self)
        }
    }

    /// What ``take(by:lease:of:after:)`` looks for, in queue order.
    static func available(_ kinds: Set<JobKind> = Set(JobKind.allCases)) -> Query {
        let names = kinds.map(\.rawValue).sorted().map(BSONValue.string)
        return Query(
            [
                "lease": ["$exists": true], "$expr": ["$lte": ["$lease.until", "$$NOW"]],
                "jobKind": ["$in": .array(names)],
            ],
            sort: ["turn": 1, "_id": 1], hint: IndexDefinition.queue.name)
    }

    /// Extends the lease; `false` when the work item is someone else's now or out of the queue, and when the lease has
    /// run out meanwhile: a lease that ended never lives again, or what was published without effect in between would
    /// be lost.
    package func renew(_ item: WorkItem, lease: Duration, framesDone: Int) async throws(StoreError) -> Bool {
        let update: Update = [
            [
                "$set": [
                    "lease.until": Self.now(plus: lease),
                    "framesDone": ["$max": ["$framesDone", .int(framesDone)]],
                ]
            ]
        ]
        return try await self.collection.updateOne(Self.leased(item), update).matchedCount == 1
    }

    /// Ends a work item that was done; `false` when it is someone else's now or its lease has run out.
    ///
    /// A lease that lives now has lived all the time, so everything that was published under it has taken effect.
    /// Losses of earlier attempts are forgiven: the work item got through.
    package func complete(_ item: WorkItem, framesDone: Int) async throws(StoreError) -> Bool {
        let outcome = try await self.collection.updateOne(
            Self.leased(item),
            [
                "$set": ["state": .done, "framesDone": .int(framesDone), "losses": 0],
                "$unset": ["lease": "", "error": "", "troubledSince": ""],
            ])
        return outcome.matchedCount == 1
    }

    /// Puts a work item back into the queue, to be taken after `delay`; harmless when it is someone else's now.
    package func release(
        _ item: WorkItem, after delay: Duration, countsAsAttempt: Bool, error: JobError?
    ) async throws(StoreError) {
        var fields: BSONDocument = [
            "state": .waiting, "lease": ["until": Self.now(plus: delay)],
            "attempts": ["$add": ["$attempts", countsAsAttempt ? 1 : 0]],
        ]
        if let error { fields = fields.merging(try Self.stall(error)) }
        // A stage that sets `lease` merges into the old one: its owner has to be taken away first.
        try await self.collection.updateOne(
            Self.held(item), [["$unset": "lease.owner"], ["$set": .document(fields)]])
    }

    /// Work items whose workers let their leases run out, and that nobody has taken since.
    package func abandoned() async throws(StoreError) -> [WorkItem] {
        var query = Self.available()
        query.filter["state"] = .running
        return try await self.collection.find(query, as: WorkItem.self)
    }

    /// Whether the attempt that was given `fence` may still be at the work item.
    package func isHeld(_ item: ObjectID, fence: Int) async throws(StoreError) -> Bool {
        let filter: BSONDocument = ["_id": .objectID(item), "fence": .int(fence), "state": .running]
        return try await self.collection.findOne(Query(filter, projection: ["_id": 1])) != nil
    }

    /// What a failed attempt leaves on its work item.
    static func stall(_ error: JobError) throws(StoreError) -> BSONDocument {
        [
            "error": ["$literal": .document(try BSONDocument(encoding: error))],
            "troubledSince": ["$ifNull": ["$troubledSince", "$$NOW"]],
        ]
    }

    static func now(plus duration: Duration) -> BSONValue {
        let (seconds, attoseconds) = duration.components
        return ["$add": ["$$NOW", .int(Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000))]]
    }

    /// The work item while its holder's lease lives, as ``Publication`` sees it.
    private static func leased(_ item: WorkItem) -> BSONDocument {
        Self.held(item).merging(["$expr": ["$gt": ["$lease.until", "$$NOW"]]])
    }

    /// The work item while nobody else has taken or stopped it.
    private static func held(_ item: WorkItem) -> BSONDocument {
        ["_id": .objectID(item.id), "fence": .int(item.fence), "state": .running]
    }
}

extension BSONValue {
    static let part = BSONValue.string(WorkItem.Kind.part.rawValue)
    static let waiting = BSONValue.string(WorkItem.State.waiting.rawValue)
    static let running = BSONValue.string(WorkItem.State.running.rawValue)
    static let done = BSONValue.string(WorkItem.State.done.rawValue)
    static let stopped = BSONValue.string(WorkItem.State.stopped.rawValue)
}
