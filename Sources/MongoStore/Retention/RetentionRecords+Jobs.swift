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
            for id in Set(documents.compactMap { $0[kind.field]?.objectIDValue }) {
                subjects.append(try await self.subject(kind, id))
            }
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
        try await self.subject(subject.kind, subject.id)
    }

    private func subject(_ kind: Subject.Kind, _ id: ObjectID) async throws(StoreError) -> Subject {
        var isComplete = false
        if kind == .upload {
            let upload = try await self.uploads.findOne(Query(["_id": .objectID(id)], projection: ["status": 1]))
            isComplete = upload.map { $0["status"]?.intValue == UploadStatus.completed.rawValue } ?? true
        }
        return Subject(
            kind: kind, id: id, history: RunHistory(try await self.runs([kind.field: .objectID(id)])),
            isComplete: isComplete)
    }

    func runs(_ filter: BSONDocument) async throws(StoreError) -> [RunHistory.Run] {
        let documents = try await self.jobs.find(
            Query(
                filter,
                projection: [
                    "runNumber": 1, "state": 1, "pending": 1, "dates": 1, "parameters.requestType": 1,
                ]))
        return documents.compactMap { document in
            guard let id = document["_id"]?.objectIDValue, let number = document["runNumber"]?.intValue else {
                return nil
            }
            let dates = document["dates"]?.documentValue
            let ends = ["finished", "interrupted"].compactMap { dates?[$0]?.dateValue }
            let isOver =
                document["pending"] == nil
                && document["state"]?.stringValue.flatMap(JobState.init(rawValue:))?.isLive == false
            let type = document["parameters"]?.documentValue?["requestType"]?.intValue
            return RunHistory.Run(
                id: id, number: number, makesTasks: type != RequestType.annotations.rawValue,
                endedAt: isOver ? ends.max() : nil)
        }
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
