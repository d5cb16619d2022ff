internal import Domain
package import MongoDriver

/// Removes a task with its frames, whole or not at all, without a transaction.
///
/// Copies of the task and its frames are made first and kept until the task is gone. If a person saved a frame in
/// between, the frames that were already deleted come back from the copies. After a crash the same call continues.
package struct ReplacedTaskBackup: Sendable {
    private let tasks: MongoCollection
    private let frames: MongoCollection
    private let taskCopies: MongoCollection
    private let frameCopies: MongoCollection

    init(_ database: MongoDatabase) {
        self.tasks = database.collection(CollectionName.tasks)
        self.frames = database.collection(CollectionName.frames)
        self.taskCopies = database.collection(CollectionName.replacedTasks)
        self.frameCopies = database.collection(CollectionName.replacedFrames)
    }

    /// Removes the task with its frames; `false` when human work keeps it, and then it is as it was.
    package func remove(_ task: ObjectID, sparingHumanWork: Bool) async throws(StoreError) -> Bool {
        let ofTask: BSONDocument = ["taskId": .objectID(task)]
        guard sparingHumanWork else {
            try await self.frames.deleteMany(ofTask)
            try await self.tasks.deleteOne(["_id": .objectID(task)])
            return true
        }
        if try await self.taskCopies.findOne(["_id": .objectID(task)]) == nil {
            guard try await self.frames.findOne(Query(HumanWork.inFrame.merging(ofTask))) == nil else { return false }
            try await self.copy(task)
        }
        try await self.frames.deleteMany(HumanWork.notInFrame.merging(ofTask))
        if try await self.frames.findOne(Query(ofTask, projection: ["_id": 1])) != nil {
            try await self.restore(task)
            return false
        }
        let isFree: BSONDocument = ["$nor": [.document(HumanWork.inTask)]]
        if try await !self.tasks.deleteOne(isFree.merging(["_id": .objectID(task)])),
            try await self.tasks.findOne(Query(["_id": .objectID(task)], projection: ["_id": 1])) != nil
        {
            try await self.restore(task)
            return false
        }
        try await self.removeCopies(of: task)
        return true
    }

    /// Makes tasks of the upload whole again whose replacement was broken off for good: their frames come back from the
    /// copies, and of tasks that are gone already the copies go, too.
    package func restoreAll(ofUpload upload: ObjectID) async throws(StoreError) {
        let copies = try await self.taskCopies.find(
            Query(["uploadId": .objectID(upload)], projection: ["_id": 1]))
        let ids = copies.compactMap { $0["_id"]?.objectIDValue }
        for start in stride(from: 0, to: ids.count, by: Self.batchSize) {
            try await self.restore(Array(ids[start...].prefix(Self.batchSize)))
        }
    }

    private static let batchSize = 200

    private func restore(_ ids: [ObjectID]) async throws(StoreError) {
        let any: BSONValue = ["$in": .array(ids.map(BSONValue.objectID))]
        let documents = try await self.tasks.find(Query(["_id": any], projection: ["_id": 1]))
        let present: BSONValue = ["$in": .array(documents.compactMap { $0["_id"] })]
        try await self.frameCopies.aggregate([
            ["$match": ["taskId": present]],
            ["$merge": ["into": .string(self.frames.name), "whenMatched": "keepExisting"]],
        ])
        try await self.taskCopies.deleteMany(["_id": any])
        try await self.frameCopies.deleteMany(["taskId": any])
    }

    private func copy(_ task: ObjectID) async throws(StoreError) {
        try await self.frames.aggregate([
            ["$match": ["taskId": .objectID(task)]],
            ["$merge": ["into": .string(self.frameCopies.name), "whenMatched": "replace"]],
        ])
        // The task's copy comes last: where it is, the frames' copies are complete.
        try await self.tasks.aggregate([
            ["$match": ["_id": .objectID(task)]],
            ["$merge": ["into": .string(self.taskCopies.name), "whenMatched": "replace"]],
        ])
    }

    private func restore(_ task: ObjectID) async throws(StoreError) {
        try await self.frameCopies.aggregate([
            ["$match": ["taskId": .objectID(task)]],
            ["$merge": ["into": .string(self.frames.name), "whenMatched": "keepExisting"]],
        ])
        try await self.removeCopies(of: task)
    }

    private func removeCopies(of task: ObjectID) async throws(StoreError) {
        try await self.taskCopies.deleteOne(["_id": .objectID(task)])
        try await self.frameCopies.deleteMany(["taskId": .objectID(task)])
    }
}
