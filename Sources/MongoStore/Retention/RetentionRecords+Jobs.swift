package import Domain
package import FoundationEssentials
package import MongoDriver

/// Finished jobs.
extension RetentionRecords {
    /// Subjects of jobs that began before `cutoff` and have ended, with all their runs, page by page.
    ///
    /// - Parameter id: of the last job of the page before.
    /// - Returns: the page's subjects, and the id to continue after; `nil` at the end.
    package func endedSubjects(
        before cutoff: Date, after id: ObjectID?, limit: Int
    ) async throws(StoreError) -> (subjects: [Subject], next: ObjectID?) {
        // An id begins with the second of its making.
        let seconds = UInt32(clamping: Int(cutoff.timeIntervalSince1970))
        var range: BSONDocument = ["$lt": .objectID(ObjectID(seconds: seconds, unique: 0))]
        if let id { range["$gt"] = .objectID(id) }
        let live = JobState.live.map { BSONValue.string($0.rawValue) }
        let documents = try await self.jobs.find(
            Query(
                ["_id": .document(range), "state": ["$nin": .array(live)]],
                projection: ["uploadId": 1, "versionId": 1], sort: ["_id": 1], limit: limit))
        var subjects: [Subject] = []
        for kind in Subject.Kind.allCases {
            subjects += try await self.subjects(kind, Set(documents.compactMap { $0[kind.field]?.objectIDValue }))
        }
        return (subjects, documents.count < limit ? nil : documents.last?["_id"]?.objectIDValue)
    }

    /// An upload or a dataset version with its runs.
    package struct Subject: Sendable, CustomStringConvertible {
        enum Kind: String, CaseIterable {
            case upload
            case version = "dataset version"

            /// Of the jobs that work for it.
            var field: String { self == .upload ? "uploadId" : "versionId" }
        }

        let kind: Kind
        package let id: ObjectID
        package let history: RunHistory
        /// Whether it tells by itself that it is done: an upload that is complete or gone.
        package let isComplete: Bool

        package var description: String { "\(self.kind.rawValue) \(self.id)" }
    }

    /// The subject as it is now.
    package func again(_ subject: Subject) async throws(StoreError) -> Subject {
        try await self.subjects(subject.kind, [subject.id]).first
            ?? Subject(kind: subject.kind, id: subject.id, history: RunHistory([]), isComplete: false)
    }

    /// The subjects of some ids, in two reads.
    private func subjects(_ kind: Subject.Kind, _ ids: Set<ObjectID>) async throws(StoreError) -> [Subject] {
        guard !ids.isEmpty else { return [] }
        let ids = ids.sorted()
        let any: BSONValue = ["$in": .array(ids.map(BSONValue.objectID))]
        var open: Set<ObjectID> = []
        if kind == .upload {
            let unfinished: BSONDocument = ["_id": any, "status": ["$ne": .int(UploadStatus.completed.rawValue)]]
            let documents = try await self.uploads.find(Query(unfinished, projection: ["_id": 1]))
            open = Set(documents.compactMap { $0["_id"]?.objectIDValue })
        }
        let runs = try await self.runs([kind.field: any], by: kind.field)
        return ids.map { id in
            Subject(
                kind: kind, id: id, history: RunHistory(runs[id] ?? []),
                isComplete: kind == .upload && !open.contains(id))
        }
    }

    /// The runs that match, by the id that `field` names.
    func runs(
        _ filter: BSONDocument, by field: String
    ) async throws(StoreError) -> [ObjectID: [RunHistory.Run]] {
        let fields = ["runNumber", "state", "pending", "dates", "parameters.requestType", field]
        let documents = try await self.jobs.find(
            Query(filter, projection: BSONDocument(uniqueKeysWithValues: fields.map { ($0, 1) })))
        var runs: [ObjectID: [RunHistory.Run]] = [:]
        for document in documents {
            guard let subject = document[field]?.objectIDValue, let run = RunHistory.Run(document) else { continue }
            runs[subject, default: []].append(run)
        }
        return runs
    }

    /// Removes a run's work items and then its document, unless it has been started again, or one of its work items is
    /// still in the queue: a work item without its job would stay there for ever.
    package func remove(_ job: ObjectID) async throws(StoreError) -> Bool {
        let live = JobState.live.map { BSONValue.string($0.rawValue) }
        let filter: BSONDocument = [
            "_id": .objectID(job), "state": ["$nin": .array(live)], "pending": ["$exists": false],
        ]
        let queued: BSONDocument = ["jobId": .objectID(job), "lease": ["$exists": true]]
        guard try await self.jobs.findOne(Query(filter, projection: ["_id": 1])) != nil,
            try await self.items.findOne(Query(queued, projection: ["_id": 1])) == nil
        else { return false }
        // A run that is started again now makes the work items that are missing anew.
        try await self.items.deleteMany(["jobId": .objectID(job), "lease": ["$exists": false]])
        return try await self.jobs.deleteOne(filter)
    }
}

extension RunHistory.Run {
    /// `nil` for a document that is no run.
    fileprivate init?(_ document: BSONDocument) {
        guard let id = document["_id"]?.objectIDValue, let number = document["runNumber"]?.intValue else { return nil }
        let dates = document["dates"]?.documentValue
        let ends = ["finished", "interrupted"].compactMap { dates?[$0]?.dateValue }
        let isOver =
            document["pending"] == nil
            && document["state"]?.stringValue.flatMap(JobState.init(rawValue:))?.isLive == false
        let type = document["parameters"]?.documentValue?["requestType"]?.intValue
        self.init(
            id: id, number: number, makesTasks: type != RequestType.annotations.rawValue,
            endedAt: isOver ? ends.max() : nil)
    }
}
