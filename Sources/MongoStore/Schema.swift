package import MongoDriver
internal import Synchronization

/// Whether this process has made the indexes.
final class Preparation: Sendable {
    let isDone = Atomic<Bool>(false)
}

extension AnnotationDatabase {
    /// Makes the indexes that the service needs, where they are missing; free after the first success.
    ///
    /// Called before anything is written, so that a service may start while the database is still away. Documents of
    /// others never stand in the way: every unique index covers only documents that this service writes.
    package func prepareOnce() async throws(StoreError) {
        guard !self.preparation.isDone.load(ordering: .acquiring) else { return }
        for (collection, indexes) in Self.indexes {
            try await self.createIndexes(indexes, on: collection)
        }
        self.preparation.isDone.store(true, ordering: .releasing)
    }

    /// An index of the same keys under another name serves as well: the backend may have made it.
    private func createIndexes(_ indexes: [IndexDefinition], on collection: String) async throws(StoreError) {
        for index in indexes {
            do {
                try await self.database.collection(collection).createIndexes([index])
            } catch  where error.status == Self.indexOptionsConflict && !index.isUnique {
                continue
            }
        }
    }

    /// Indexes that ``prepareOnce()`` would make, as `collection: name`. One of the same keys counts as there.
    func missingIndexes() async throws(StoreError) -> [String] {
        var missing: [String] = []
        for (collection, wanted) in Self.indexes {
            let present = try await self.database.collection(collection).indexKeys()
            missing += wanted.filter { !present.contains($0.keys.directions) }.map { "\(collection): \($0.name)" }
        }
        return missing
    }

    /// The server's number for an index that exists with other options.
    private static let indexOptionsConflict: UInt32 = 85

    private static let indexes: [(String, [IndexDefinition])] = [
        (CollectionName.uploads, [.byStatus, .byStatusAndEnd]),
        (CollectionName.tasks, [.on("uploadId"), .on("videoPath")]),
        (CollectionName.frames, [.on("taskId"), .oneDocumentForAFrame]),
        (
            CollectionName.jobs,
            [
                .byState, .byStateAndKind, .byKind, .byProject, .oneRunOfANumber, .oneRunOfAVersion,
                .workForTheReconciler,
            ]
        ),
        (
            CollectionName.workItems,
            [.queue, .byShare, .byAge, .byOwner, .byFormerOwner, .byJob, .on("subjectId")]
        ),
        (CollectionName.objects, [.objectsOfAnUpload, .objectsOfARun]),
        (CollectionName.replacedTasks, [.on("uploadId")]),
        (CollectionName.replacedFrames, [.on("taskId")]),
        (CollectionName.datasetFrames, [.oneRecordOfAFrame]),
        // Whether a dataset uses a task.
        (CollectionName.datasetVersions, [.on("taskList")]),
    ]
}

extension IndexDefinition {
    /// An ascending index on one field, named as the server would.
    fileprivate static func on(_ field: String) -> IndexDefinition {
        IndexDefinition(name: "\(field)_1", keys: [field: 1])
    }

    /// Old databases hold doubles, so only documents of this service are in it.
    fileprivate static let oneDocumentForAFrame = IndexDefinition(
        name: "one document for a frame", keys: ["taskId": 1, "frameId": 1], isUnique: true,
        partialFilter: ["runId": ["$exists": true]])

    /// For uploads that wait without a job.
    fileprivate static let byStatus = IndexDefinition(
        name: "status_1_createdAt_-1", keys: ["status": 1, "createdAt": -1])

    /// For sources that somebody may still want to read.
    fileprivate static let byStatusAndEnd = IndexDefinition(
        name: "status_1_finishedAt_1", keys: ["status": 1, "finishedAt": 1])

    fileprivate static let byState = IndexDefinition(name: "jobs by state", keys: ["state": 1, "_id": -1])

    fileprivate static let byKind = IndexDefinition(name: "jobs by kind", keys: ["kind": 1, "_id": -1])

    fileprivate static let byProject = IndexDefinition(
        name: "jobs by project", keys: ["projectId": 1, "_id": -1], partialFilter: ["projectId": ["$exists": true]])

    /// To count jobs without fetching them.
    static let byStateAndKind = IndexDefinition(name: "jobs by state and kind", keys: ["state": 1, "kind": 1])

    /// Of two requests at the same moment one gets the number.
    fileprivate static let oneRunOfANumber = IndexDefinition(
        name: "one run of a number", keys: ["uploadId": 1, "runNumber": -1], isUnique: true,
        partialFilter: ["uploadId": ["$exists": true]])

    fileprivate static let oneRunOfAVersion = IndexDefinition(
        name: "one run of a version", keys: ["versionId": 1, "runNumber": -1], isUnique: true,
        partialFilter: ["versionId": ["$exists": true]])

    fileprivate static let oneRecordOfAFrame = IndexDefinition(
        name: "one record of a frame", keys: ["versionId": 1, "taskId": 1, "frame": 1], isUnique: true)

    fileprivate static let workForTheReconciler = IndexDefinition(
        name: "work for the reconciler", keys: ["pending": 1], partialFilter: ["pending": ["$exists": true]])

    /// Work items in the order in which they are handed out; those out of the queue are not in it.
    static let queue = IndexDefinition(
        name: "queue", keys: ["turn": 1, "_id": 1], partialFilter: ["lease": ["$exists": true]])

    /// Where the jobs of one project begin in the queue.
    static let byShare = IndexDefinition(
        name: "queue by share", keys: ["shareId": 1, "jobTurn": -1], partialFilter: ["lease": ["$exists": true]])

    /// By key, page by page.
    fileprivate static let objectsOfARun = IndexDefinition(name: "objects of a run", keys: ["runId": 1, "_id": 1])

    fileprivate static let objectsOfAnUpload = IndexDefinition(
        name: "objects of an upload", keys: ["uploadId": 1, "runId": 1, "_id": 1])

    /// The parts of a job by state, counted and listed without fetching them.
    fileprivate static let byJob = IndexDefinition(
        name: "units of a job", keys: ["jobId": 1, "kind": 1, "state": 1, "piece": 1])

    /// What a worker holds that has ended.
    fileprivate static let byOwner = IndexDefinition(
        name: "units by owner", keys: ["lease.owner": 1], partialFilter: ["lease.owner": ["$exists": true]])

    /// What a worker may still be at that was told to stop.
    fileprivate static let byFormerOwner = IndexDefinition(
        name: "stopped units by owner", keys: ["formerLease.owner": 1],
        partialFilter: ["formerLease.owner": ["$exists": true]])

    /// To count the work items in the queue, and to find the one that waits longest, without fetching them.
    static let byAge = IndexDefinition(
        name: "queue by age", keys: ["state": 1, "lease.until": 1], partialFilter: ["lease.until": ["$exists": true]])
}

/// The names of all collections. Those of the contract are shared with the backend; the others are this service's.
enum CollectionName {
    static let uploads = "AnnotationContentUpload"
    static let projects = "AnnotationProject"
    static let tasks = "AnnotationTask"
    static let frames = "AnnotationFrame"
    static let datasetVersions = "AnnotationDatasetVersion"
    static let jobs = "ContentJob"
    static let workItems = "ContentJobUnit"
    static let objects = "ContentObject"
    static let annotators = "ContentAnnotator"
    static let datasetFrames = "ContentDatasetFrame"
    static let masterData = "MasterData"
    static let metrics = "ContentMetrics"
    static let replacedTasks = "ContentWithdrawnTask"
    static let replacedFrames = "ContentWithdrawnFrame"
    static let turns = "ContentTurn"
}
