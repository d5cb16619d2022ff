package import Annotation

/// `ContentJobUnit`: the queue, one document for each unit of work.
///
/// Taking, renewing and settling are single atomic updates. Lease times are the server's (`$$NOW`), so the clocks of
/// machines do not matter; whoever writes names the fence that it was given, so a worker that was paused past its
/// lease changes nothing.
package struct UnitQueue: Sendable {
    let collection: MongoCollection

    init(_ database: MongoDatabase) {
        self.collection = database.collection(CollectionName.units)
    }

    /// Takes a unit whose lease or backoff is over; `nil` when there is none.
    ///
    /// The piece after the one that the worker made last comes first, for as long as fairness allows, then the first job
    /// in the queue: there a worker begins where no other will come.
    ///
    /// - Parameters:
    ///   - kinds: the kinds of jobs that the worker can do.
    ///   - streak: what the worker has done last.
    package func take(
        by owner: String, lease: Duration, of kinds: Set<JobKind> = Set(JobKind.allCases),
        after streak: UnitStreak? = nil
    ) async throws(StoreError) -> JobUnit? {
        let next = streak?.last.next
        if let next, streak?.isLong == false, let unit = try await self.take(next, of: kinds, by: owner, lease: lease) {
            return unit
        }
        guard let first = try await self.collection.findOne(Self.available(kinds)) else { return nil }
        let unit = try BSONDecoder().decode(JobUnit.self, from: first)
        // After a long streak the job goes on when nothing else waits before it.
        if let next, unit.jobId == streak?.last.jobId,
            let unit = try await self.take(next, of: kinds, by: owner, lease: lease)
        {
            return unit
        }
        if let unit = try await self.take(try await self.choose(near: unit), of: kinds, by: owner, lease: lease) {
            return unit
        }
        // Another worker was faster; whatever is first now will do.
        return try await self.take(nil, of: kinds, by: owner, lease: lease)
    }

    /// The unit to begin with when `first` is the first in the queue.
    private func choose(near first: JobUnit) async throws(StoreError) -> ObjectID {
        // A piece whose worker was lost comes at once.
        guard first.kind == .piece, first.state == .waiting else { return first.id }
        let units = try await self.collection.find(
            Query(
                [
                    "jobId": .objectID(first.jobId), "kind": .string(JobUnit.Kind.piece.rawValue),
                    "state": ["$in": [.waiting, .running]],
                ], projection: ["piece": 1, "state": 1], sort: ["_id": 1]))
        let waiting = units.filter { $0["state"] == .waiting }
        let running = units.filter { $0["state"] == .running }.compactMap { $0["piece"]?.intValue }
        let start = PieceChoice.start(waiting: waiting.compactMap { $0["piece"]?.intValue }, running: Set(running))
        return waiting.first { $0["piece"]?.intValue == start }?["_id"]?.objectIDValue ?? first.id
    }

    /// Takes the unit `id`, or the first one, in one atomic step.
    ///
    /// A unit that was still running has lost its worker, which counts in `losses`.
    private func take(
        _ id: ObjectID?, of kinds: Set<JobKind>, by owner: String, lease: Duration
    ) async throws(StoreError) -> JobUnit? {
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
            try BSONDecoder().decode(JobUnit.self, from: document)
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

    /// Extends the lease; `false` when the unit is someone else's now or out of the queue, and when the lease has run out
    /// meanwhile: a lease that ended never lives again, or what was published without effect in between would be lost.
    package func renew(_ unit: JobUnit, lease: Duration, framesDone: Int) async throws(StoreError) -> Bool {
        let update: Update = [
            [
                "$set": [
                    "lease.until": Self.now(plus: lease),
                    "framesDone": ["$max": ["$framesDone", .int(framesDone)]],
                ]
            ]
        ]
        return try await self.collection.updateOne(Self.leased(unit), update).matchedCount == 1
    }

    /// Ends a unit that was done; `false` when it is someone else's now or its lease has run out.
    ///
    /// A lease that lives now has lived all the time, so everything that was published under it has taken effect.
    /// Losses of earlier attempts are forgiven: the unit got through.
    package func complete(_ unit: JobUnit, framesDone: Int) async throws(StoreError) -> Bool {
        let outcome = try await self.collection.updateOne(
            Self.leased(unit),
            [
                "$set": ["state": .done, "framesDone": .int(framesDone), "losses": 0],
                "$unset": ["lease": "", "error": "", "troubledSince": ""],
            ])
        return outcome.matchedCount == 1
    }

    /// Puts a unit back into the queue, to be taken after `delay`; harmless when it is someone else's now.
    package func release(
        _ unit: JobUnit, after delay: Duration, countsAsAttempt: Bool, error: JobError?
    ) async throws(StoreError) {
        var fields: BSONDocument = [
            "state": .waiting, "lease": ["until": Self.now(plus: delay)],
            "attempts": ["$add": ["$attempts", countsAsAttempt ? 1 : 0]],
        ]
        if let error { fields = fields.merging(try Self.trouble(error)) }
        // A stage that sets `lease` merges into the old one: its owner has to be taken away first.
        try await self.collection.updateOne(
            Self.held(unit), [["$unset": "lease.owner"], ["$set": .document(fields)]])
    }

    /// Units whose workers let their leases run out, and that nobody has taken since.
    package func abandoned() async throws(StoreError) -> [JobUnit] {
        var query = Self.available()
        query.filter["state"] = .running
        return try await self.collection.find(query, as: JobUnit.self)
    }

    /// Whether the attempt that was given `fence` may still be at the unit.
    package func isHeld(_ unit: ObjectID, fence: Int) async throws(StoreError) -> Bool {
        let filter: BSONDocument = ["_id": .objectID(unit), "fence": .int(fence), "state": .running]
        return try await self.collection.findOne(Query(filter, projection: ["_id": 1])) != nil
    }

    /// What a failed attempt leaves on its unit.
    static func trouble(_ error: JobError) throws(StoreError) -> BSONDocument {
        [
            "error": ["$literal": .document(try BSONEncoder().encode(error))],
            "troubledSince": ["$ifNull": ["$troubledSince", "$$NOW"]],
        ]
    }

    static func now(plus duration: Duration) -> BSONValue {
        let (seconds, attoseconds) = duration.components
        return ["$add": ["$$NOW", .int(Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000))]]
    }

    /// The unit while its holder's lease lives, as ``Publication`` sees it.
    private static func leased(_ unit: JobUnit) -> BSONDocument {
        Self.held(unit).merging(["$expr": ["$gt": ["$lease.until", "$$NOW"]]])
    }

    /// The unit while nobody else has taken or stopped it.
    private static func held(_ unit: JobUnit) -> BSONDocument {
        ["_id": .objectID(unit.id), "fence": .int(unit.fence), "state": .running]
    }
}

extension BSONValue {
    static let waiting = BSONValue.string(JobUnit.State.waiting.rawValue)
    static let running = BSONValue.string(JobUnit.State.running.rawValue)
    static let done = BSONValue.string(JobUnit.State.done.rawValue)
    static let stopped = BSONValue.string(JobUnit.State.stopped.rawValue)
}
