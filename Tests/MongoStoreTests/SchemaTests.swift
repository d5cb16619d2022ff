import Domain
import Foundation
import MongoDriver
import TestSupport
import Testing

@testable import MongoStore

/// Indexes, what the doctor sees of a server, and queries that the service asks all the time.
@Suite struct SchemaTests {
    @Test func indexesAreMadeOnceAndMissedWhereTheyAreNot() async throws {
        try await TestServer.withDatabase { raw in
            let database = AnnotationDatabase(raw)
            let before = try await database.missingIndexes()
            #expect(before.contains { $0.hasPrefix("ContentJobUnit: ") })
            try await database.prepareOnce()
            #expect(try await database.missingIndexes().isEmpty)
            // Another process of the same version finds them there.
            try await AnnotationDatabase(raw).prepareOnce()
        }
    }

    @Test func theServerIsExaminedWithoutAChange() async throws {
        try await TestServer.withDatabase { raw in
            let examination = try await AnnotationDatabase(raw).examine()
            #expect(examination.version.split(separator: ".").count == 3)
            #expect(examination.replicaSet == nil)
            #expect(abs(examination.serverTime.timeIntervalSince(examination.localTime)) < 60)
            #expect(!examination.missingIndexes.isEmpty)
        }
    }

    /// Filters of the queries that workers, watchers and reconcilers ask all the time, by collection.
    static let queries: [(String, BSONDocument, BSONDocument?)] = [
        ("ContentJobUnit", ["jobId": .objectID(id), "kind": "piece", "state": "waiting"], ["piece": 1]),
        ("ContentJobUnit", ["jobId": .objectID(id), "kind": "piece", "state": ["$in": ["waiting", "running"]]], nil),
        ("ContentJobUnit", ["lease.owner": "w", "state": "running"], nil),
        ("ContentJobUnit", ["formerLease.owner": "w"], nil),
        ("ContentJobUnit", ["subjectId": .objectID(id)], nil),
        ("ContentJob", ["pending": "plan"], nil),
        ("ContentJob", ["uploadId": .objectID(id)], ["runNumber": -1]),
        ("ContentJob", ["versionId": .objectID(id)], ["runNumber": -1]),
        ("ContentJob", ["state": "queued"], ["_id": -1]),
        ("ContentJob", ["kind": "buildDataset"], ["_id": -1]),
        ("ContentJob", ["projectId": .objectID(id)], ["_id": -1]),
        ("ContentObject", ["runId": .objectID(id), "_id": ["$gt": "contents/a"]], ["_id": 1]),
        ("ContentObject", ["uploadId": .objectID(id), "runId": ["$ne": .objectID(id)]], ["_id": 1]),
        ("AnnotationTask", ["uploadId": .objectID(id)], nil),
        ("AnnotationTask", ["videoPath": "contents/a"], nil),
        ("AnnotationFrame", ["taskId": .objectID(id)], nil),
        ("AnnotationContentUpload", ["status": 0], ["createdAt": -1]),
        ("AnnotationContentUpload", ["status": 1, "finishedAt": ["$not": ["$lt": 7]]], nil),
        ("AnnotationDatasetVersion", ["taskList": ["$in": [.objectID(id)]]], nil),
        ("ContentWithdrawnTask", ["uploadId": .objectID(id)], nil),
        ("ContentDatasetFrame", ["versionId": .objectID(id), "taskId": .objectID(id)], ["frame": 1]),
    ]
    private static let id = ObjectID(seconds: 1, unique: 1)

    @Test func noQueryOfNormalWorkReadsAWholeCollectionOrSortsInMemory() async throws {
        try await TestServer.withCollections { _, raw in
            for (collection, filter, sort) in Self.queries {
                // An empty collection has no plan to speak of.
                try await raw.collection(collection).insertOne(["filler": true])
                let plan = try await raw.collection(collection).explain(Query(filter, sort: sort))
                let stages = Self.stages(
                    of: .document(plan["queryPlanner"]?.documentValue?["winningPlan"]?.documentValue ?? [:]))
                #expect(!stages.contains("COLLSCAN"), "\(collection) \(filter)")
                #expect(stages.contains("IXSCAN"), "\(collection) \(filter)")
                #expect(!stages.contains("SORT") || filter["runId"]?.documentValue != nil, "\(collection) \(filter)")
            }
        }
    }

    /// The names of all stages of a plan.
    private static func stages(of plan: BSONValue) -> Set<String> {
        switch plan {
        case .document(let document):
            let own = document["stage"]?.stringValue.map { [$0] } ?? []
            return document.elements.reduce(into: Set(own)) { $0.formUnion(self.stages(of: $1.value)) }
        case .array(let values): return values.reduce(into: []) { $0.formUnion(self.stages(of: $1)) }
        default: return []
        }
    }
}
